-- No year is more than ten years outside the data (the coverage, or the days of publication), unless a role has it.
-- severity: warning
-- message: is more than ten years outside the data, got {value}; they run from {other}: check the year
-- since: 2
-- blind: true

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

dated AS (
    SELECT 'stance' AS kind, s.stance_id AS record_id, 'stated_on' AS field, s.stated_on AS value,
        s.stated_earliest AS earliest, s.stated_latest AS latest, s.target_id
    FROM stances s
    UNION ALL
    SELECT 'event' AS kind, e.event_id AS record_id, 'held_on' AS field, e.held_on AS value,
        e.held_earliest AS earliest, e.held_latest AS latest, CAST(NULL AS STRING) AS target_id
    FROM events e
    UNION ALL
    SELECT 'document' AS kind, d.document_id AS record_id, 'published_on' AS field, d.published_on AS value,
        d.published_earliest AS earliest, d.published_latest AS latest, CAST(NULL AS STRING) AS target_id
    FROM documents d
    UNION ALL
    SELECT 'stance' AS kind, c.stance_id AS record_id, 'conditions[' || CAST(c.number - 1 AS STRING) || '].status_on' AS field,
        c.status_on AS value, c.status_earliest AS earliest, c.status_latest AS latest, CAST(NULL AS STRING) AS target_id
    FROM conditions c
),

-- A stance dated by the first and the last year of a role of its holder or target is not a slip of the pen.
-- These are few, and only their holders, targets and roles are looked up.
far AS (
    SELECT d.kind, d.record_id, d.field, d.value, d.earliest, d.latest, d.target_id,
        CAST(n.first_day AS STRING) || ' to ' || CAST(n.last_day AS STRING) AS other
    FROM dated d
    CROSS JOIN span n
    WHERE EXTRACT(YEAR FROM d.earliest) < EXTRACT(YEAR FROM n.first_day) - 10
        OR EXTRACT(YEAR FROM d.latest) > EXTRACT(YEAR FROM n.last_day) + 10
),

named AS (
    SELECT f.record_id AS stance_id, h.actor_id FROM far f JOIN holders h ON h.stance_id = f.record_id
    UNION ALL
    SELECT f.record_id AS stance_id, f.target_id AS actor_id FROM far f
),

terms AS (
    SELECT n.stance_id, EXTRACT(YEAR FROM r.valid_from) AS first_year, EXTRACT(YEAR FROM r.valid_to) AS last_year
    FROM named n
    JOIN roles r ON r.actor_id = n.actor_id
)

SELECT f.kind, f.record_id, f.field, f.value, f.other
FROM far f
WHERE f.kind <> 'stance'
    OR NOT EXISTS (
        SELECT 1 FROM terms t
        WHERE t.stance_id = f.record_id AND t.first_year = EXTRACT(YEAR FROM f.earliest)
            AND t.last_year = EXTRACT(YEAR FROM f.latest)
    )
