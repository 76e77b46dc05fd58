-- No day of a role is more than a hundred years before the data, or ten years after them.
-- severity: warning
-- message: is far outside the data, got {value}; they run from {other}: check the year
-- since: 2

-- Roles often begin long before the data, and may have ended before them.
WITH span AS (
    SELECT
        COALESCE((SELECT MIN(covers_from) FROM coverage), (SELECT MIN(published_earliest) FROM documents)) AS first_day,
        COALESCE((SELECT MAX(covers_to) FROM coverage), (SELECT MAX(published_latest) FROM documents)) AS last_day
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
