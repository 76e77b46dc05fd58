-- A document is not derived from itself, directly or through others.
-- severity: error
-- message: leads back to the document itself, got {value!r}; break the circle

SELECT 'document' AS kind, d.document_id AS record_id, 'derived_from' AS field, d.derived_from AS value, '' AS other
FROM documents d
JOIN documents o ON o.document_id = d.origin_id
-- Only documents within a cycle match: a copy of one of them has its origin inside the cycle, and
-- that origin is not derived from the copy.
WHERE o.derived_from = d.document_id
