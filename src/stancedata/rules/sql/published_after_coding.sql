-- A document is coded on or after the day it was published.
-- severity: error
-- message: is earlier than the document, got {value}; it was published on {other}
-- row: documents
-- kind: document
-- record: document_id
-- field: 'coded_date'
-- value: CAST(coded_date AS STRING)
-- other: published_on

published_earliest > coded_date
