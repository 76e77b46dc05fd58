-- A condition is met, or not, no later than the document that says so was published.
-- severity: error
-- message: is later than the document that says so, got {value}; it was published on {other}: fix one of the two dates
-- since: 2

-- A blind coding keeps the days known when it was made, so only published stances are asked.
SELECT 'stance' AS kind, c.stance_id AS record_id, 'conditions[' || CAST(c.number - 1 AS STRING) || '].status_on' AS field,
    c.status_on AS value, d.published_on AS other
FROM conditions c
JOIN documents d ON d.document_id = c.status_document_id
WHERE c.status_latest > d.published_latest
