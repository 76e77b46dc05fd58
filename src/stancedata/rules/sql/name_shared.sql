-- On any one day, a name, in capitals or small letters, belongs to one actor.
-- severity: warning
-- message: is also a name of another actor, got {value!r}; {other} has it: check that both should have it

WITH named AS (
    SELECT n.actor_id, n.position, n.name, n.valid_from, n.valid_to
    FROM actor_names n
    UNION ALL
    SELECT a.actor_id, 0 AS position, a.name, a.valid_from, a.valid_to
    FROM actors a
    WHERE NOT EXISTS (
        SELECT 1 FROM actor_names n WHERE n.actor_id = a.actor_id AND n.name = a.name
    )
)

SELECT 'actor' AS kind, n.actor_id AS record_id,
    CASE WHEN MIN(n.position) = 0 THEN 'name' ELSE 'names[' || CAST(MIN(n.position) - 1 AS STRING) || '].name' END AS field,
    n.name AS value, MIN(o.actor_id) AS other
FROM named n
JOIN named o ON LOWER(o.name) = LOWER(n.name) AND o.actor_id <> n.actor_id
WHERE (n.valid_from IS NULL OR o.valid_to IS NULL OR n.valid_from <= o.valid_to)
    AND (o.valid_from IS NULL OR n.valid_to IS NULL OR o.valid_from <= n.valid_to)
GROUP BY n.actor_id, n.name
