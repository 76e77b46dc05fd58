-- Every row belongs to a record of the dataset.
-- severity: error
-- message: belongs to a record that does not exist, got {value!r} in {other}; add that record, or remove the row
-- made from: the table contract, by rules/references.py; `python -m tools.pages.rules` writes it

SELECT 'actor' AS kind, t.actor_id AS record_id, '' AS field, t.actor_id AS value, 'actor_names' AS other
FROM actor_names t
WHERE NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, '' AS field, t.actor_id AS value, 'actor_codes' AS other
FROM actor_codes t
WHERE NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, '' AS field, t.actor_id AS value, 'roles' AS other
FROM roles t
WHERE NOT EXISTS (SELECT 1 FROM actors r WHERE r.actor_id = t.actor_id)
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, t.issue_id AS value, 'levels' AS other
FROM levels t
WHERE NOT EXISTS (SELECT 1 FROM issues r WHERE r.issue_id = t.issue_id)
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, t.issue_id AS value, 'aspects' AS other
FROM aspects t
WHERE NOT EXISTS (SELECT 1 FROM issues r WHERE r.issue_id = t.issue_id)
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, '' AS field, t.event_id AS value, 'participants' AS other
FROM participants t
WHERE NOT EXISTS (SELECT 1 FROM events r WHERE r.event_id = t.event_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.document_id AS value, 'stances' AS other
FROM stances t
WHERE NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'holders' AS other
FROM holders t
WHERE NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.stance_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'stance_aspects' AS other
FROM stance_aspects t
WHERE NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.stance_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'conditions' AS other
FROM conditions t
WHERE NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.stance_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'evidence' AS other
FROM evidence t
WHERE NOT EXISTS (SELECT 1 FROM stances r WHERE r.stance_id = t.stance_id)
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'evidence[' || CAST(t.number - 1 AS STRING) || ']' AS field, t.document_id AS value, 'evidence' AS other
FROM evidence t
WHERE NOT EXISTS (SELECT 1 FROM documents r WHERE r.document_id = t.document_id)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'second_holders' AS other
FROM second_holders t
WHERE NOT EXISTS (SELECT 1 FROM second_stances r WHERE r.stance_id = t.stance_id AND r.coder = t.coder)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'second_stance_aspects' AS other
FROM second_stance_aspects t
WHERE NOT EXISTS (SELECT 1 FROM second_stances r WHERE r.stance_id = t.stance_id AND r.coder = t.coder)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'second_conditions' AS other
FROM second_conditions t
WHERE NOT EXISTS (SELECT 1 FROM second_stances r WHERE r.stance_id = t.stance_id AND r.coder = t.coder)
UNION ALL
SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id, '' AS field, t.stance_id AS value, 'second_evidence' AS other
FROM second_evidence t
WHERE NOT EXISTS (SELECT 1 FROM second_stances r WHERE r.stance_id = t.stance_id AND r.coder = t.coder)
