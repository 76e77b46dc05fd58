-- The first day of a publication is not after its last.
-- severity: error
-- message: ends before it begins, got {value}; it begins on {other}
-- row: documents
-- kind: document
-- record: document_id
-- field: 'published_on'
-- value: CAST(published_latest AS STRING)
-- other: CAST(published_earliest AS STRING)

published_earliest > published_latest
