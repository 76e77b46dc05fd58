-- An actor that attributes a position to others does not hold it.
-- severity: error
-- message: is also a holder of the position that it attributes, got {value!r}; remove it from the holders, or code the position as its own
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attributed_by' AS field, s.attributed_by_id AS value, '' AS other
FROM stances s
JOIN holders h ON h.stance_id = s.stance_id
WHERE h.actor_id = s.attributed_by_id
