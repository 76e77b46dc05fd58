-- A controlled field has one of the values in the codebook.
-- severity: error
-- message: is not a value of {other}, got {value!r}; {suggestion}
-- suggest: vocabulary
-- blind: true
-- made from: the table contract, by rules/references.py; `python -m tools.pages.rules` writes it

SELECT 'actor' AS kind, t.actor_id AS record_id, 'kind' AS field, t.kind AS value, 'actor_kind' AS other
FROM actors t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'actor_kind' AND r.value = t.kind)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'names[' || CAST(t.position - 1 AS STRING) || '].kind' AS field, t.kind AS value, 'name_kind' AS other
FROM actor_names t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'name_kind' AND r.value = t.kind)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'codes[' || CAST(t.position - 1 AS STRING) || '].scheme' AS field, t.scheme AS value, 'code_scheme' AS other
FROM actor_codes t
WHERE t.scheme IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'code_scheme' AND r.value = t.scheme)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'roles[' || CAST(t.number - 1 AS STRING) || '].role' AS field, t.role AS value, 'role' AS other
FROM roles t
WHERE t.role IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'role' AND r.value = t.role)
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues[' || CAST(t.position - 1 AS STRING) || '].kind' AS field, t.kind AS value, 'issue_kind' AS other
FROM issues t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'issue_kind' AND r.value = t.kind)
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'coders[' || CAST(t.position - 1 AS STRING) || '].kind' AS field, t.kind AS value, 'coder_kind' AS other
FROM coders t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'coder_kind' AND r.value = t.kind)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'kind' AS field, t.kind AS value, 'document_kind' AS other
FROM documents t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'document_kind' AND r.value = t.kind)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'read' AS field, t.read AS value, 'read' AS other
FROM documents t
WHERE t.read IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'read' AND r.value = t.read)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'status' AS field, t.status AS value, 'document_status' AS other
FROM documents t
WHERE t.status IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'document_status' AND r.value = t.status)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'kind' AS field, t.kind AS value, 'event_kind' AS other
FROM events t
WHERE t.kind IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'event_kind' AND r.value = t.kind)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'participants[' || CAST(t.number - 1 AS STRING) || '].role' AS field, t.role AS value, 'participant_role' AS other
FROM participants t
WHERE t.role IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'participant_role' AND r.value = t.role)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'act' AS field, t.act AS value, 'act' AS other
FROM stances t
WHERE t.act IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'act' AND r.value = t.act)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'attribution' AS field, t.attribution AS value, 'attribution' AS other
FROM stances t
WHERE t.attribution IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'attribution' AND r.value = t.attribution)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'quantifier' AS field, t.quantifier AS value, 'quantifier' AS other
FROM stances t
WHERE t.quantifier IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'quantifier' AND r.value = t.quantifier)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'confidence' AS field, t.confidence AS value, 'confidence' AS other
FROM stances t
WHERE t.confidence IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'confidence' AND r.value = t.confidence)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'holders[' || CAST(t.position - 1 AS STRING) || ']' AS field, t.role AS value, 'holder_role' AS other
FROM holders t
WHERE t.role IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'holder_role' AND r.value = t.role)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'conditions[' || CAST(t.number - 1 AS STRING) || '].status' AS field, t.status AS value, 'condition_status' AS other
FROM conditions t
WHERE t.status IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'condition_status' AND r.value = t.status)
UNION ALL
SELECT 'coding' AS kind, t.coder || '/' || t.document_id AS record_id, 'read' AS field, t.read AS value, 'read' AS other
FROM codings t
WHERE t.read IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vocabulary r WHERE r.field = 'read' AND r.value = t.read)
