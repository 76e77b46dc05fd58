-- An actor takes part in something.
-- severity: warning
-- message: is used by nothing, got {value!r} in no stance, event, document or role; code what it is for, or remove it
-- whole: true

SELECT 'actor' AS kind, a.actor_id AS record_id, '' AS field, a.actor_id AS value, '' AS other
FROM actors a
WHERE NOT EXISTS (SELECT 1 FROM holders u WHERE u.actor_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM second_holders u WHERE u.actor_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM roles u WHERE u.of_actor_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM roles u WHERE u.actor_id = a.actor_id AND u.role IN ('member_of', 'part_of'))
    AND NOT EXISTS (SELECT 1 FROM documents u WHERE a.name IN (u.publisher, u.author))
    AND NOT EXISTS (SELECT 1 FROM participants u WHERE u.actor_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM participants u WHERE u.represented_by = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM stances u WHERE u.speaker_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM stances u WHERE u.attributed_by_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM stances u WHERE u.target_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM second_stances u WHERE u.speaker_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM second_stances u WHERE u.attributed_by_id = a.actor_id)
    AND NOT EXISTS (SELECT 1 FROM second_stances u WHERE u.target_id = a.actor_id)
