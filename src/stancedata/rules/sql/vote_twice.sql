-- In any one document, an actor votes at most once at an event.
-- severity: error
-- message: votes twice, got {value} after {other}; keep one

SELECT 'event' AS kind, p.event_id AS record_id, 'participants[' || CAST(p.number - 1 AS STRING) || '].role' AS field, p.role AS value, o.role AS other
FROM participants p
JOIN participants o ON o.event_id = p.event_id AND o.actor_id = p.actor_id
    AND o.document_id = p.document_id AND o.number < p.number
WHERE p.role IN ('voted_for', 'voted_against', 'abstained')
    AND o.role IN ('voted_for', 'voted_against', 'abstained')
