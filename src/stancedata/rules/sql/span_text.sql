-- A span points into a text that the document has.
-- severity: error
-- message: points into a text, got a document without one; give the document `text`, or replace the span by a locator
-- blind: true

SELECT 'stance' AS kind, e.stance_id AS record_id, 'evidence[' || CAST(e.number - 1 AS STRING) || '].span' AS field, '' AS value, '' AS other
FROM evidence e
JOIN documents d ON d.document_id = e.document_id
WHERE e.span_start IS NOT NULL AND d.sha256 IS NULL
