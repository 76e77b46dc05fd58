-- A name belongs to one actor.
-- severity: warning
-- message: is also a name of another actor, got {value!r}; {other} has it: check that both should have it

WITH named AS (
    SELECT n.actor_id AS actor_id, n.name AS name FROM actor_names n
    UNION ALL
    SELECT a.actor_id AS actor_id, a.name AS name FROM actors a
)

SELECT 'actor' AS kind, n.actor_id AS record_id, 'names' AS field, n.name AS value, MIN(o.actor_id) AS other
FROM named n
JOIN named o ON o.name = n.name AND o.actor_id <> n.actor_id
GROUP BY n.actor_id, n.name
