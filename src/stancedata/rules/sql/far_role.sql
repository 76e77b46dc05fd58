-- A role does not end more than ten years before the data, unless a stance has its years, nor begin ten years after it or a hundred before.
-- severity: warning
-- message: is far outside the data, got {value}; they run from {other}: check the year
-- since: 2

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

named AS (
    SELECT h.stance_id, h.actor_id FROM holders h
    UNION ALL
    SELECT s.stance_id, s.target_id AS actor_id FROM stances s
),

dated AS (
    SELECT r.actor_id, r.number, 'valid_from' AS field, r.valid_from AS day
    FROM roles r
    CROSS JOIN span n
    WHERE EXTRACT(YEAR FROM r.valid_from) < EXTRACT(YEAR FROM n.first_day) - 100
        OR EXTRACT(YEAR FROM r.valid_from) > EXTRACT(YEAR FROM n.last_day) + 10
    UNION ALL
    SELECT r.actor_id, r.number, 'valid_to' AS field, r.valid_to AS day
    FROM roles r
    CROSS JOIN span n
    WHERE EXTRACT(YEAR FROM r.valid_to) > EXTRACT(YEAR FROM n.last_day) + 10
        OR (
            EXTRACT(YEAR FROM r.valid_to) < EXTRACT(YEAR FROM n.first_day) - 10
            AND NOT EXISTS (
                SELECT 1
                FROM named m
                JOIN stances s ON s.stance_id = m.stance_id
                WHERE m.actor_id = r.actor_id AND s.stated_latest >= COALESCE(r.valid_from, s.stated_latest)
                    AND EXTRACT(YEAR FROM s.stated_earliest) <= EXTRACT(YEAR FROM r.valid_to)
            )
        )
)

SELECT 'actor' AS kind, d.actor_id AS record_id,
    'roles[' || CAST(d.number - 1 AS STRING) || '].' || d.field AS field, CAST(d.day AS STRING) AS value,
    CAST(n.first_day AS STRING) || ' to ' || CAST(n.last_day AS STRING) AS other
FROM dated d
CROSS JOIN span n
