-- A stance, its evidence and the published stance that it was matched with are of one document.
-- severity: error
-- message: is of another document, got {value}; it must be that of {other}
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'document' AS field, s.document_id AS value, s.stance_id AS other
FROM stances s
WHERE SUBSTRING(s.stance_id, 1, LENGTH(s.document_id) + 1) <> s.document_id || '#'
UNION ALL
SELECT 'stance' AS kind, e.stance_id AS record_id, 'evidence[' || CAST(e.number - 1 AS STRING) || '].document' AS field,
    e.document_id AS value, e.stance_id AS other
FROM evidence e
WHERE SUBSTRING(e.stance_id, 1, LENGTH(e.document_id) + 1) <> e.document_id || '#'
UNION ALL
SELECT 'blind' AS kind, s.coder || '/' || s.stance_id AS record_id, 'published' AS field, s.published_id AS value,
    s.stance_id AS other
FROM second_stances s
WHERE s.published_id IS NOT NULL
    AND SUBSTRING(s.published_id, 1, LENGTH(s.document_id) + 1) <> s.document_id || '#'
