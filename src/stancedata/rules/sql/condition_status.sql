-- The status of a condition has a document that says so.
-- severity: error
-- message: is only known by a document, got {value}; give status and status_document, or leave both out
-- since: 2
-- row: conditions
-- kind: stance
-- record: stance_id
-- field: 'conditions[' || CAST(number - 1 AS STRING) || '].status'
-- value: COALESCE(status, 'no status') || ' of ' || COALESCE(status_document_id, 'no document')
-- other: ''
-- blind: true

(status IS NULL AND (status_on IS NOT NULL OR status_document_id IS NOT NULL))
    OR (status IS NOT NULL AND status_document_id IS NULL)
