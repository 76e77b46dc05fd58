-- No document comes from itself.
-- severity: error
-- message: leads back to the document itself, got {value!r}; break the circle

SELECT 'document' AS kind, d.document_id AS record_id, 'derived_from' AS field, d.derived_from AS value, '' AS other
FROM documents d
JOIN documents o ON o.document_id = d.origin_id
WHERE o.derived_from IS NOT NULL AND EXISTS (SELECT 1 FROM documents x WHERE x.document_id = o.derived_from)
