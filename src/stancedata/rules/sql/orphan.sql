-- Every row belongs to a record of the dataset.
-- severity: error
-- message: belongs to a record that does not exist, got {value!r} in {other}; add that record, or remove the row
-- made from: the table contract, by rules/references.py; `python -m tools.pages.rules` writes it

SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.document_id AS value, 'stances' AS other
FROM stances t
WHERE NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'evidence[' || CAST(t.number - 1 AS STRING) || ']' AS field, t.document_id AS value, 'evidence' AS other
FROM evidence t
WHERE NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, '' AS field, t.actor_id AS value, t.child AS other
FROM (SELECT actor_id, 'actor_names' AS child FROM actor_names UNION ALL SELECT actor_id, 'actor_codes' AS child FROM actor_codes UNION ALL SELECT actor_id, 'roles' AS child FROM roles) t
WHERE NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, t.issue_id AS value, t.child AS other
FROM (SELECT issue_id, 'levels' AS child FROM levels UNION ALL SELECT issue_id, 'aspects' AS child FROM aspects) t
WHERE NOT EXISTS (SELECT 1 FROM issues r WHERE r.issue_id = t.issue_id)
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, '' AS field, t.document_id AS value, t.child AS other
FROM (SELECT document_id, 'document_authors' AS child FROM document_authors) t
WHERE NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, '' AS field, t.event_id AS value, t.child AS other
FROM (SELECT event_id, 'participants' AS child FROM participants) t
WHERE NOT EXISTS (SELECT 1 FROM events r WHERE r.event_id = t.event_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.stance_id AS value, t.child AS other
FROM (SELECT stance_id, 'holders' AS child FROM holders UNION ALL SELECT stance_id, 'stance_aspects' AS child FROM stance_aspects UNION ALL SELECT stance_id, 'ascribers' AS child FROM ascribers UNION ALL SELECT stance_id, 'conditions' AS child FROM conditions UNION ALL SELECT stance_id, 'evidence' AS child FROM evidence) t
WHERE NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.stance_id)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, '' AS field, t.stance_id AS value, t.child AS other
FROM (SELECT stance_id, coder, 'second_holders' AS child FROM second_holders UNION ALL SELECT stance_id, coder, 'second_stance_aspects' AS child FROM second_stance_aspects UNION ALL SELECT stance_id, coder, 'second_ascribers' AS child FROM second_ascribers UNION ALL SELECT stance_id, coder, 'second_conditions' AS child FROM second_conditions UNION ALL SELECT stance_id, coder, 'second_evidence' AS child FROM second_evidence) t
WHERE NOT EXISTS (SELECT 1 FROM second_stances r WHERE r.stance_id = t.stance_id AND r.coder = t.coder)
UNION ALL
SELECT 'coverage' AS kind, t.coverage_id AS record_id, '' AS field, t.coverage_id AS value, t.child AS other
FROM (SELECT coverage_id, 'silent_speakers' AS child FROM silent_speakers) t
WHERE NOT EXISTS (SELECT 1 FROM coverage r WHERE r.coverage_id = t.coverage_id)
