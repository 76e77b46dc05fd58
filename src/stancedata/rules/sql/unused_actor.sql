-- Every actor is used somewhere in the dataset.
-- severity: warning
-- message: is not used, got {value!r} in no stance, event, document or role; code what it is needed for, or remove it
-- whole: true

WITH used AS (
    SELECT u.actor_id AS actor_id FROM holders u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM second_holders u
    UNION ALL
    SELECT u.of_actor_id AS actor_id FROM roles u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM roles u WHERE u.role IN ('member_of', 'part_of')
    UNION ALL
    SELECT u.actor_id AS actor_id FROM participants u
    UNION ALL
    SELECT u.represented_by AS actor_id FROM participants u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM document_authors u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM ascribers u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM second_ascribers u
    UNION ALL
    SELECT u.actor_id AS actor_id FROM silent_speakers u
    UNION ALL
    SELECT u.speaker_id AS actor_id FROM stances u
    UNION ALL
    SELECT u.attributed_by_id AS actor_id FROM stances u
    UNION ALL
    SELECT u.target_id AS actor_id FROM stances u
    UNION ALL
    SELECT u.speaker_id AS actor_id FROM second_stances u
    UNION ALL
    SELECT u.attributed_by_id AS actor_id FROM second_stances u
    UNION ALL
    SELECT u.target_id AS actor_id FROM second_stances u
    UNION ALL
    SELECT a.actor_id FROM actors a INNER JOIN documents d ON d.publisher = a.name
    UNION ALL
    SELECT n.actor_id FROM actor_names n INNER JOIN documents d ON d.publisher = n.name
)

SELECT 'actor' AS kind, a.actor_id AS record_id, '' AS field, a.actor_id AS value, '' AS other
FROM actors a
WHERE NOT EXISTS (SELECT 1 FROM used u WHERE u.actor_id = a.actor_id)
