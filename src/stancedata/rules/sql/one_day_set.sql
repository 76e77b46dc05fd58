-- A set of days has more than one.
-- severity: warning
-- message: is a set of one day, got {value}; write the days that you would defend
-- since: 2
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'stated_on' AS field, s.stated_on AS value, '' AS other
FROM stances s
WHERE SUBSTRING(s.stated_on, 1, 1) = '[' AND s.stated_earliest = s.stated_latest
UNION ALL
SELECT 'event' AS kind, e.event_id AS record_id, 'held_on' AS field, e.held_on AS value, '' AS other
FROM events e
WHERE SUBSTRING(e.held_on, 1, 1) = '[' AND e.held_earliest = e.held_latest
UNION ALL
SELECT 'document' AS kind, d.document_id AS record_id, 'published_on' AS field, d.published_on AS value, '' AS other
FROM documents d
WHERE SUBSTRING(d.published_on, 1, 1) = '[' AND d.published_earliest = d.published_latest
