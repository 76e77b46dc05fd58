-- A position that a third party attributes names that third party.
-- severity: error
-- message: is required with attribution third_party, got {value}; name who attributes the position
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attributed_by' AS field, 'nobody' AS value, '' AS other
FROM stances s
WHERE s.attribution = 'third_party' AND s.attributed_by_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM ascribers a WHERE a.stance_id = s.stance_id)
