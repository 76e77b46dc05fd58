-- A span ends within its text.
-- severity: error
-- message: runs past the end of the text, got {value}; the text has {other} characters
-- blind: true

SELECT 'stance' AS kind, e.stance_id AS record_id, 'evidence[' || CAST(e.number - 1 AS STRING) || '].span' AS field, '[' || CAST(e.span_start AS STRING) || ', ' || CAST(e.span_end AS STRING) || ']' AS value, CAST(d.characters AS STRING) AS other
FROM evidence e
JOIN documents d ON d.document_id = e.document_id
WHERE e.span_end > d.characters
