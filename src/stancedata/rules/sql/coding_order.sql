-- A document is coded blind on or after the day it was published.
-- severity: error
-- message: is earlier than the document, got {value}; it was published on {other}
-- since: 2

SELECT 'coding' AS kind, c.coder || '/' || c.document_id AS record_id, 'coded_date' AS field,
    CAST(c.coded_date AS STRING) AS value, d.published_on AS other
FROM codings c
JOIN documents d ON d.document_id = c.document_id
WHERE c.coded_date < d.published_earliest
