-- A stance has a holder.
-- severity: error
-- message: has no holder; name who holds the position
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'holders' AS field, '' AS value, '' AS other
FROM stances s
WHERE NOT EXISTS (SELECT 1 FROM holders h WHERE h.stance_id = s.stance_id)
