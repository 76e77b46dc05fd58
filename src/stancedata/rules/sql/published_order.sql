-- A publication date does not end before it begins.
-- severity: error
-- message: ends before it begins, got {value}; it begins on {other}
-- row: documents
-- kind: document
-- record: document_id
-- field: 'published_on'
-- value: CAST(published_latest AS STRING)
-- other: CAST(published_earliest AS STRING)

published_earliest > published_latest
