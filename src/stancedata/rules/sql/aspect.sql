-- A stance's aspects are aspects of its issue.
-- severity: error
-- message: is not an aspect of {other}, got {value!r}; {suggestion}
-- suggest: aspects
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'aspects[' || CAST(h.position - 1 AS STRING) || ']' AS field, h.aspect AS value, s.issue_id AS other
FROM stances s
JOIN stance_aspects h ON h.stance_id = s.stance_id
WHERE NOT EXISTS (SELECT 1 FROM aspects a WHERE a.issue_id = s.issue_id AND a.aspect = h.aspect)
