-- No day of an actor, its names and codes is more than five hundred years before the data, or ten years after them.
-- severity: warning
-- message: is far outside the data, got {value}; they run from {other}: check the year
-- since: 2

-- Without coverage, the documents bound the data, but not one that is more than ten years from all others.
WITH ends AS (
    SELECT document_id, published_earliest AS day FROM documents
    UNION ALL
    SELECT document_id, published_latest AS day FROM documents
),

years AS (
    SELECT EXTRACT(YEAR FROM day) AS year, MIN(day) AS first_day, MAX(day) AS last_day,
        MIN(document_id) AS first_document, MAX(document_id) AS last_document
    FROM ends
    GROUP BY EXTRACT(YEAR FROM day)
),

usual AS (
    SELECT MIN(y.first_day) AS first_day, MAX(y.last_day) AS last_day
    FROM years y
    WHERE EXISTS (
        SELECT 1 FROM years o
        WHERE ABS(o.year - y.year) <= 10
            AND (o.first_document <> y.first_document OR o.last_document <> y.first_document)
    )
),

span AS (
    SELECT
        COALESCE((SELECT MIN(covers_from) FROM coverage), (SELECT first_day FROM usual), (SELECT MIN(day) FROM ends)) AS first_day,
        COALESCE((SELECT MAX(covers_to) FROM coverage), (SELECT last_day FROM usual), (SELECT MAX(day) FROM ends)) AS last_day
),

-- States and their names may be centuries older than the data.
dated AS (
    SELECT a.actor_id, 'valid_from' AS field, a.valid_from AS day FROM actors a
    UNION ALL
    SELECT a.actor_id, 'valid_to' AS field, a.valid_to AS day FROM actors a
    UNION ALL
    SELECT n.actor_id, 'names[' || CAST(n.position - 1 AS STRING) || '].valid_from' AS field, n.valid_from AS day FROM actor_names n
    UNION ALL
    SELECT n.actor_id, 'names[' || CAST(n.position - 1 AS STRING) || '].valid_to' AS field, n.valid_to AS day FROM actor_names n
    UNION ALL
    SELECT c.actor_id, 'codes[' || CAST(c.position - 1 AS STRING) || '].valid_from' AS field, c.valid_from AS day FROM actor_codes c
    UNION ALL
    SELECT c.actor_id, 'codes[' || CAST(c.position - 1 AS STRING) || '].valid_to' AS field, c.valid_to AS day FROM actor_codes c
)

SELECT 'actor' AS kind, d.actor_id AS record_id, d.field, CAST(d.day AS STRING) AS value,
    CAST(n.first_day AS STRING) || ' to ' || CAST(n.last_day AS STRING) AS other
FROM dated d
CROSS JOIN span n
WHERE EXTRACT(YEAR FROM d.day) < EXTRACT(YEAR FROM n.first_day) - 500
    OR EXTRACT(YEAR FROM d.day) > EXTRACT(YEAR FROM n.last_day) + 10
