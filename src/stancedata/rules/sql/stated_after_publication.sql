-- A stance is stated no later than its document was published.
-- severity: error
-- message: is later than the document, got {value}; it was published on {other}: fix one of the two dates

-- A blind coding keeps the days known when it was made, so only published stances are asked.
SELECT 'stance' AS kind, s.stance_id AS record_id, 'stated_on' AS field, s.stated_on AS value, d.published_on AS other
FROM stances s
JOIN documents d ON d.document_id = s.document_id
WHERE s.stated_latest > d.published_latest
