-- Only a document by a holder, or by its meeting, has direct stances of that holder.
-- severity: error
-- message: is direct in a document by someone else, got author {value}; code it as quoted, or add the holder's or the event's name as author or publisher
-- blind: true

WITH named AS (
    SELECT n.actor_id AS actor_id, n.name AS name FROM actor_names n
    UNION ALL
    SELECT a.actor_id AS actor_id, a.name AS name FROM actors a
)

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attribution' AS field,
    COALESCE(d.author, d.publisher) AS value, '' AS other
FROM stances s
JOIN documents d ON d.document_id = s.document_id
WHERE s.attribution = 'direct'
    AND NOT EXISTS (
        SELECT 1
        FROM holders h
        JOIN named n ON n.actor_id = h.actor_id
        WHERE h.stance_id = s.stance_id AND n.name IN (d.author, d.publisher)
    )
    AND NOT EXISTS (
        SELECT 1
        FROM document_authors w
        LEFT JOIN holders h ON h.stance_id = s.stance_id AND h.actor_id = w.actor_id
        WHERE w.document_id = d.document_id
            AND (h.actor_id IS NOT NULL OR w.actor_id = s.speaker_id)
    )
    AND NOT EXISTS (
        SELECT 1 FROM named n WHERE n.actor_id = s.speaker_id AND n.name IN (d.author, d.publisher)
    )
    AND NOT EXISTS (
        SELECT 1 FROM events e
        WHERE e.event_id = s.event_id
            AND (e.name IN (d.author, d.publisher) OR e.series IN (d.author, d.publisher))
    )
