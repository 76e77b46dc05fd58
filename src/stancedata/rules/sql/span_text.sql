-- A span belongs to a document with a text.
-- severity: error
-- message: points into a text that the document does not have; add `text` to the document, or use a locator instead of the span
-- blind: true

SELECT 'stance' AS kind, e.stance_id AS record_id, 'evidence[' || CAST(e.number - 1 AS STRING) || '].span' AS field, '' AS value, '' AS other
FROM evidence e
JOIN documents d ON d.document_id = e.document_id
WHERE e.span_start IS NOT NULL AND d.sha256 IS NULL
