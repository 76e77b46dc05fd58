-- A text is retrieved after it was published and before it is coded.
-- severity: error
-- message: is outside {other}, got {value}; fix one of the dates
-- since: 2
-- row: documents
-- kind: document
-- record: document_id
-- field: 'retrieved_on'
-- value: CAST(retrieved_on AS STRING)
-- other: published_on || ' to ' || CAST(coded_date AS STRING)

retrieved_on < published_earliest OR retrieved_on > coded_date
