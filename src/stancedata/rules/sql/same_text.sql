-- No two documents have the same text, unless one is a copy of the other.
-- severity: error
-- message: is also the text of another document, got the digest of {value}; keep one of the two, or fix the digest

SELECT 'document' AS kind, d.document_id AS record_id, 'text.sha256' AS field, o.document_id AS value, '' AS other
FROM documents d
JOIN documents o ON o.sha256 = d.sha256 AND o.document_id < d.document_id AND o.origin_id <> d.origin_id
