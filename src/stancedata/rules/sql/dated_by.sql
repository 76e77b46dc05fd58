-- The source of a date is a document, or published_on.
-- severity: error
-- message: is not a document, got {value!r}; {suggestion}
-- suggest: documents.document_id
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'dated_by' AS field, s.dated_by AS value, '' AS other
FROM stances s
WHERE s.dated_by IS NOT NULL AND s.dated_by <> 'published_on'
    AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.document_id = s.dated_by)
