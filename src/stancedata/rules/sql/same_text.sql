-- Two documents do not have one text.
-- severity: error
-- message: is the text of another document too, got the digest of {value}; keep one of the two, or mend the digest

SELECT 'document' AS kind, d.document_id AS record_id, 'text.sha256' AS field, o.document_id AS value, '' AS other
FROM documents d
JOIN documents o ON o.sha256 = d.sha256 AND o.document_id < d.document_id
