-- A document is not derived from itself, directly or through others.
-- severity: error
-- message: leads back to the document itself, got {value!r}; break the circle

SELECT 'document' AS kind, d.document_id AS record_id, 'derived_from' AS field, d.derived_from AS value, '' AS other
FROM documents d
JOIN documents o ON o.document_id = d.origin_id
-- Of a copy of what is in a circle, the chain ends in the circle, and not before the copy.
WHERE o.derived_from = d.document_id
