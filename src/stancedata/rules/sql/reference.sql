-- Every id that a record refers to exists in the dataset.
-- severity: error
-- message: does not exist, got {value!r}; {suggestion}
-- suggest: {other}
-- blind: true
-- made from: the table contract, by rules/references.py; `python -m tools.pages.rules` writes it

SELECT 'actor' AS kind, t.actor_id AS record_id, 'roles[' || CAST(t.number - 1 AS STRING) || '].of' AS field, t.of_actor_id AS value, 'actors.actor_id' AS other
FROM roles t
WHERE t.of_actor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.of_actor_id)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'roles[' || CAST(t.number - 1 AS STRING) || '].document' AS field, t.document_id AS value, 'documents.document_id' AS other
FROM roles t
WHERE t.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'derived_from' AS field, t.derived_from AS value, 'documents.document_id' AS other
FROM documents t
WHERE t.derived_from IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.derived_from)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'event' AS field, t.event_id AS value, 'events.event_id' AS other
FROM documents t
WHERE t.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events r WHERE r.event_id = t.event_id)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'coverage' AS field, t.coverage_id AS value, 'coverage.coverage_id' AS other
FROM documents t
WHERE t.coverage_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coverage r WHERE r.coverage_id = t.coverage_id)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'authors[' || CAST(t.position - 1 AS STRING) || ']' AS field, t.actor_id AS value, 'actors.actor_id' AS other
FROM document_authors t
WHERE t.actor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'dated_by' AS field, t.dated_by AS value, 'documents.document_id' AS other
FROM events t
WHERE t.dated_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.dated_by)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'participants[' || CAST(t.number - 1 AS STRING) || '].actor' AS field, t.actor_id AS value, 'actors.actor_id' AS other
FROM participants t
WHERE t.actor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'participants[' || CAST(t.number - 1 AS STRING) || '].document' AS field, t.document_id AS value, 'documents.document_id' AS other
FROM participants t
WHERE t.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'participants[' || CAST(t.number - 1 AS STRING) || '].represented_by' AS field, t.represented_by AS value, 'actors.actor_id' AS other
FROM participants t
WHERE t.represented_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.represented_by)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'issue' AS field, t.issue_id AS value, 'issues.issue_id' AS other
FROM stances t
WHERE t.issue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM issues r WHERE r.issue_id = t.issue_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'speaker' AS field, t.speaker_id AS value, 'actors.actor_id' AS other
FROM stances t
WHERE t.speaker_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.speaker_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'attributed_by[0]' AS field, t.attributed_by_id AS value, 'actors.actor_id' AS other
FROM stances t
WHERE t.attributed_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.attributed_by_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'target' AS field, t.target_id AS value, 'actors.actor_id' AS other
FROM stances t
WHERE t.target_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.target_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'event' AS field, t.event_id AS value, 'events.event_id' AS other
FROM stances t
WHERE t.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events r WHERE r.event_id = t.event_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'holders[' || CAST(t.position - 1 AS STRING) || ']' AS field, t.actor_id AS value, 'actors.actor_id' AS other
FROM holders t
WHERE t.actor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'attributed_by[' || CAST(t.position - 1 AS STRING) || ']' AS field, t.actor_id AS value, 'actors.actor_id' AS other
FROM ascribers t
WHERE t.position > 1 AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'conditions[' || CAST(t.number - 1 AS STRING) || '].issue' AS field, t.issue_id AS value, 'issues.issue_id' AS other
FROM conditions t
WHERE t.issue_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM issues r WHERE r.issue_id = t.issue_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'conditions[' || CAST(t.number - 1 AS STRING) || '].status_document' AS field, t.status_document_id AS value, 'documents.document_id' AS other
FROM conditions t
WHERE t.status_document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.status_document_id)
UNION ALL
SELECT 'coding' AS kind, t.coder || '/' || t.document_id AS record_id, 'coder' AS field, t.coder AS value, 'coders.coder' AS other
FROM codings t
WHERE t.coder IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coders r WHERE r.coder = t.coder)
UNION ALL
SELECT 'coding' AS kind, t.coder || '/' || t.document_id AS record_id, 'document' AS field, t.document_id AS value, 'documents.document_id' AS other
FROM codings t
WHERE t.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, 'published' AS field, t.published_id AS value, 'stances.stance_id' AS other
FROM second_stances t
WHERE t.published_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.published_id)
UNION ALL
SELECT 'coverage' AS kind, t.coverage_id AS record_id, 'coder' AS field, t.coder AS value, 'coders.coder' AS other
FROM coverage t
WHERE t.coder IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coders r WHERE r.coder = t.coder)
UNION ALL
SELECT 'coverage' AS kind, t.coverage_id AS record_id, 'silent[' || CAST(t.position - 1 AS STRING) || '].event' AS field, t.event_id AS value, 'events.event_id' AS other
FROM silent_speakers t
WHERE t.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events r WHERE r.event_id = t.event_id)
UNION ALL
SELECT 'coverage' AS kind, t.coverage_id AS record_id, 'silent[' || CAST(t.position - 1 AS STRING) || ']' AS field, t.actor_id AS value, 'actors.actor_id' AS other
FROM silent_speakers t
WHERE t.actor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
