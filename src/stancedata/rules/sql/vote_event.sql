-- Votes are only recorded for events of kind vote.
-- severity: error
-- message: is a vote at an event without one, got {value} at an event of kind {other}; set the event's kind to vote, or fix the role

SELECT 'event' AS kind, p.event_id AS record_id, 'participants[' || CAST(p.number - 1 AS STRING) || '].role' AS field, p.role AS value, COALESCE(e.kind, 'none') AS other
FROM participants p
JOIN events e ON e.event_id = p.event_id
WHERE p.role IN ('voted_for', 'voted_against', 'abstained') AND COALESCE(e.kind, '') <> 'vote'
