-- A stance has evidence.
-- severity: error
-- message: has no evidence; add a span or a locator
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'evidence' AS field, '' AS value, '' AS other
FROM stances s
WHERE NOT EXISTS (SELECT 1 FROM evidence h WHERE h.stance_id = s.stance_id)
