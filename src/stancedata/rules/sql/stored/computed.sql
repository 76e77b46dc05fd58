-- A value that follows from others is the one that follows: tier, origin and codes of an actor.
-- severity: error
-- message: does not follow from the other values, got {value}; it must be {other}

WITH codes AS (
    SELECT c.actor_id, c.scheme, c.code,
        ROW_NUMBER() OVER (
            PARTITION BY c.actor_id, c.scheme
            ORDER BY COALESCE(c.valid_to, DATE '9999-12-31') DESC, c.position
        ) AS place
    FROM actor_codes c
    WHERE c.scheme IN ('wikidata', 'iso3166-1-alpha3', 'cow', 'gw')
),

latest AS (
    SELECT actor_id,
        MAX(CASE WHEN scheme = 'wikidata' THEN code END) AS wikidata,
        MAX(CASE WHEN scheme = 'iso3166-1-alpha3' THEN code END) AS iso3,
        MAX(CASE WHEN scheme = 'cow' THEN code END) AS cow,
        MAX(CASE WHEN scheme = 'gw' THEN code END) AS gw
    FROM codes
    WHERE place = 1
    GROUP BY actor_id
),

shown AS (
    SELECT a.actor_id, 'wikidata' AS field, a.wikidata AS value, l.wikidata AS other
    FROM actors a
    LEFT JOIN latest l ON l.actor_id = a.actor_id
    UNION ALL
    SELECT a.actor_id, 'iso3' AS field, a.iso3 AS value, l.iso3 AS other
    FROM actors a
    LEFT JOIN latest l ON l.actor_id = a.actor_id
    UNION ALL
    SELECT a.actor_id, 'cow' AS field, CAST(a.cow AS STRING) AS value, l.cow AS other
    FROM actors a
    LEFT JOIN latest l ON l.actor_id = a.actor_id
    UNION ALL
    SELECT a.actor_id, 'gw' AS field, CAST(a.gw AS STRING) AS value, l.gw AS other
    FROM actors a
    LEFT JOIN latest l ON l.actor_id = a.actor_id
)

SELECT 'actor' AS kind, s.actor_id AS record_id, s.field AS field, COALESCE(s.value, 'nothing') AS value,
    COALESCE(s.other, 'nothing') AS other
FROM shown s
-- Codes of another form are broken in a rule of their own, and give no number.
WHERE COALESCE(s.value, '') <> COALESCE(s.other, '')
UNION ALL
SELECT 'document' AS kind, d.document_id AS record_id, 'tier' AS field, d.tier AS value,
    CASE WHEN d.sha256 IS NULL THEN 'cited' ELSE 'anchored' END AS other
FROM documents d
WHERE d.tier <> CASE WHEN d.sha256 IS NULL THEN 'cited' ELSE 'anchored' END
UNION ALL
-- If the origin of each copy is that of what it copies, every chain leads to its first document.
SELECT 'document' AS kind, d.document_id AS record_id, 'origin_id' AS field, d.origin_id AS value,
    COALESCE(o.origin_id, d.document_id) AS other
FROM documents d
LEFT JOIN documents o ON o.document_id = d.derived_from
LEFT JOIN documents f ON f.document_id = d.origin_id
WHERE d.origin_id <> COALESCE(o.origin_id, d.document_id)
    -- A circle has no first document: the rule derived_cycle reports it.
    AND COALESCE(f.derived_from, '') <> d.document_id
