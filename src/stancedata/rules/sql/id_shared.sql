-- An id belongs to one record: an actor, an event or a document.
-- severity: error
-- message: has the same id as {other}, got {value!r} twice; rename one of the files

SELECT 'event' AS kind, e.event_id AS record_id, '' AS field, e.event_id AS value, 'an actor' AS other
FROM events e
WHERE EXISTS (SELECT 1 FROM actors a WHERE a.actor_id = e.event_id)
UNION ALL
SELECT 'document' AS kind, d.document_id AS record_id, '' AS field, d.document_id AS value, 'an actor' AS other
FROM documents d
WHERE EXISTS (SELECT 1 FROM actors a WHERE a.actor_id = d.document_id)
UNION ALL
SELECT 'document' AS kind, d.document_id AS record_id, '' AS field, d.document_id AS value, 'an event' AS other
FROM documents d
WHERE EXISTS (SELECT 1 FROM events e WHERE e.event_id = d.document_id)
