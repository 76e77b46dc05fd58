-- The actor that attributes a stance is the first of those that do.
-- severity: error
-- message: is not the first ascriber, got {value}; it must be {other}
-- since: 2
-- blind: true

WITH places AS (
    SELECT stance_id, MIN(position) AS position FROM ascribers GROUP BY stance_id
),

firsts AS (
    SELECT a.stance_id, MIN(a.actor_id) AS actor_id
    FROM ascribers a
    JOIN places p ON p.stance_id = a.stance_id AND p.position = a.position
    GROUP BY a.stance_id
)

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attributed_by' AS field,
    COALESCE(s.attributed_by_id, 'nobody') AS value, COALESCE(f.actor_id, 'nobody') AS other
FROM stances s
LEFT JOIN firsts f ON f.stance_id = s.stance_id
WHERE COALESCE(s.attributed_by_id, '') <> COALESCE(f.actor_id, '')
