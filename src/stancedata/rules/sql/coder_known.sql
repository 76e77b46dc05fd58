-- The coder of a document is a coder of the codebook.
-- severity: error
-- message: is not a coder of the codebook, got {value!r}; {suggestion}
-- since: 2
-- suggest: coders.coder

SELECT 'document' AS kind, d.document_id AS record_id, 'coder' AS field, d.coder AS value, '' AS other
FROM documents d
WHERE NOT EXISTS (SELECT 1 FROM coders c WHERE c.coder = d.coder)
