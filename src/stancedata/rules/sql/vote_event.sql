-- Votes are cast at a vote.
-- severity: error
-- message: is cast where nothing was voted on, got {value} at an event of kind {other}; write kind: vote at the event, or mend the role

SELECT 'event' AS kind, p.event_id AS record_id, 'participants[' || CAST(p.number - 1 AS STRING) || '].role' AS field, p.role AS value, COALESCE(e.kind, 'none') AS other
FROM participants p
JOIN events e ON e.event_id = p.event_id
WHERE p.role IN ('voted_for', 'voted_against', 'abstained') AND COALESCE(e.kind, '') <> 'vote'
