-- Only a position with attribution third_party names who attributes it.
-- severity: error
-- message: is only allowed with attribution third_party, got {value!r} with {other}; leave it out, or change the attribution
-- blind: true

WITH ascribing AS (
    SELECT a.stance_id, a.actor_id FROM ascribers a WHERE a.actor_id IS NOT NULL
    UNION ALL
    SELECT s.stance_id, s.attributed_by_id AS actor_id FROM stances s WHERE s.attributed_by_id IS NOT NULL
)

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attributed_by' AS field, MIN(a.actor_id) AS value, s.attribution AS other
FROM stances s
JOIN ascribing a ON a.stance_id = s.stance_id
WHERE s.attribution <> 'third_party'
GROUP BY s.stance_id, s.attribution
