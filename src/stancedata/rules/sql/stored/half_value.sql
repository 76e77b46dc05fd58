-- The digest of a text comes with its length, and the start of a span with its end.
-- severity: error
-- message: is only half a value, got {value}; give {other}
-- blind: true

SELECT 'document' AS kind, d.document_id AS record_id, 'text' AS field,
    CASE WHEN d.sha256 IS NULL THEN 'a length' ELSE 'a digest' END AS value, 'digest and length, or neither' AS other
FROM documents d
WHERE (d.sha256 IS NULL) <> (d.characters IS NULL)
UNION ALL
SELECT 'coding' AS kind, c.coder || '/' || c.document_id AS record_id, 'text' AS field,
    CASE WHEN c.sha256 IS NULL THEN 'a length' ELSE 'a digest' END AS value, 'digest and length, or neither' AS other
FROM codings c
WHERE (c.sha256 IS NULL) <> (c.characters IS NULL)
UNION ALL
SELECT 'stance' AS kind, e.stance_id AS record_id, 'evidence[' || CAST(e.number - 1 AS STRING) || '].span' AS field,
    CASE WHEN e.span_start IS NULL THEN 'an end' ELSE 'a start' END AS value, 'start and end, or neither' AS other
FROM evidence e
WHERE (e.span_start IS NULL) <> (e.span_end IS NULL)
