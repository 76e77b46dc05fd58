-- A holder dissociates itself only from what others hold.
-- severity: error
-- message: dissociates itself from a stance that has no other holder, got {value!r}; name the other holders
-- blind: true

SELECT 'stance' AS kind, h.stance_id AS record_id, 'holders[' || CAST(h.position - 1 AS STRING) || ']' AS field, h.actor_id AS value, '' AS other
FROM holders h
WHERE h.role = 'dissociates' AND NOT EXISTS (
    SELECT 1 FROM holders s WHERE s.stance_id = h.stance_id AND s.role = 'party'
)
