-- An actor that attributes a position to others does not hold it.
-- severity: error
-- message: is also a holder of the position that it attributes, got {value!r}; remove it from the holders, or code the position as its own
-- blind: true

WITH ascribing AS (
    SELECT a.stance_id, a.actor_id, a.position FROM ascribers a
    UNION
    SELECT s.stance_id, s.attributed_by_id AS actor_id, 1 AS position
    FROM stances s
    WHERE s.attributed_by_id IS NOT NULL
)

SELECT 'stance' AS kind, a.stance_id AS record_id, 'attributed_by[' || CAST(a.position - 1 AS STRING) || ']' AS field, a.actor_id AS value, '' AS other
FROM ascribing a
JOIN holders h ON h.stance_id = a.stance_id AND h.actor_id = a.actor_id
