-- Only a stance on an issue of deeds ends what was done.
-- severity: error
-- message: is only allowed on an issue of deeds, got ends on {value}; code what was said
-- since: 2
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'act' AS field, s.issue_id AS value, '' AS other
FROM stances s
JOIN issues i ON i.issue_id = s.issue_id
WHERE s.act = 'ends' AND COALESCE(i.kind, 'words') <> 'deeds'
