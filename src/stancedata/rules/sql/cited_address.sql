-- A document without a text has an address.
-- severity: error
-- message: is required if there is no text, got {value}; add the address, or the text with its digest
-- row: documents
-- kind: document
-- record: document_id
-- field: 'url'
-- value: 'no url'
-- other: ''

sha256 IS NULL AND url IS NULL
