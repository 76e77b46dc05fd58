-- A stance made at an event is dated within it.
-- severity: error
-- message: is outside the days of its event, got {value}; {other}: fix the date, or exempt it with the reason
-- since: 2

-- A blind coding keeps the days known when it was made, so only published stances are asked.
SELECT 'stance' AS kind, s.stance_id AS record_id, 'stated_on' AS field, s.stated_on AS value, e.event_id || ' was held on ' || e.held_on AS other
FROM stances s
JOIN events e ON e.event_id = s.event_id
WHERE s.stated_latest < e.held_earliest OR s.stated_earliest > e.held_latest
