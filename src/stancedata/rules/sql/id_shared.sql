-- An id belongs to one record: an actor, an event, a document or a coverage.
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
UNION ALL
SELECT 'coverage' AS kind, c.coverage_id AS record_id, '' AS field, c.coverage_id AS value, 'an actor' AS other
FROM coverage c
WHERE EXISTS (SELECT 1 FROM actors a WHERE a.actor_id = c.coverage_id)
UNION ALL
SELECT 'coverage' AS kind, c.coverage_id AS record_id, '' AS field, c.coverage_id AS value, 'an event' AS other
FROM coverage c
WHERE EXISTS (SELECT 1 FROM events e WHERE e.event_id = c.coverage_id)
UNION ALL
SELECT 'coverage' AS kind, c.coverage_id AS record_id, '' AS field, c.coverage_id AS value, 'a document' AS other
FROM coverage c
WHERE EXISTS (SELECT 1 FROM documents d WHERE d.document_id = c.coverage_id)
