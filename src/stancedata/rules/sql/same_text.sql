-- Only copies have the text of another document.
-- severity: error
-- message: is also the text of another document, got the digest of {value}; keep one of the two, name its source in derived_from, or fix the digest

SELECT 'document' AS kind, d.document_id AS record_id, 'text.sha256' AS field, MIN(o.document_id) AS value, '' AS other
FROM documents d
JOIN documents o ON o.sha256 = d.sha256 AND o.document_id <> d.document_id AND o.origin_id <> d.origin_id
GROUP BY d.document_id
