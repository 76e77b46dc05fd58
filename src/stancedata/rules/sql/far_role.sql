-- No day of a role is more than a hundred years before the data, or ten years after them.
-- severity: warning
-- message: is far outside the data, got {value}; they run from {other}: check the year
-- since: 2

-- Roles often begin long before the data, and may have ended before them.
WITH corpora AS (
    SELECT MIN(covers_from) AS first_day, MAX(covers_to) AS last_day FROM coverage
),

published AS (
    SELECT MIN(published_earliest) AS first_day, MAX(published_latest) AS last_day FROM documents
),

span AS (
    SELECT COALESCE(c.first_day, p.first_day) AS first_day, COALESCE(c.last_day, p.last_day) AS last_day
    FROM corpora c
    CROSS JOIN published p
),

dated AS (
    SELECT r.actor_id, r.number, 'valid_from' AS field, r.valid_from AS day FROM roles r
    UNION ALL
    SELECT r.actor_id, r.number, 'valid_to' AS field, r.valid_to AS day FROM roles r
)

SELECT 'actor' AS kind, d.actor_id AS record_id,
    'roles[' || CAST(d.number - 1 AS STRING) || '].' || d.field AS field, CAST(d.day AS STRING) AS value,
    CAST(n.first_day AS STRING) || ' to ' || CAST(n.last_day AS STRING) AS other
FROM dated d
CROSS JOIN span n
WHERE EXTRACT(YEAR FROM d.day) < EXTRACT(YEAR FROM n.first_day) - 100
    OR EXTRACT(YEAR FROM d.day) > EXTRACT(YEAR FROM n.last_day) + 10
