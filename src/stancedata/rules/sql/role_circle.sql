-- An actor has no role to itself, and is not a member or part of itself through up to eight others.
-- severity: error
-- message: leads back to the actor itself, got {value!r}; fix the actor in `of`, or the dates
-- since: 2

WITH within AS (
    SELECT r.actor_id, r.of_actor_id, r.valid_from, r.valid_to FROM roles r WHERE r.role IN ('member_of', 'part_of')
),

-- Only roles of an actor that has members or parts, to one that is a member or part, can be in a circle.
links AS (
    SELECT w.* FROM within w
    WHERE w.actor_id IN (SELECT o.of_actor_id FROM within o) AND w.of_actor_id IN (SELECT o.actor_id FROM within o)
),

-- Each step doubles the length of the ways, so a circle of up to nine actors is found. The days are those of all
-- roles: GREATEST and LEAST pass over nulls, which have no limit.
two AS (
    SELECT * FROM links
    UNION
    SELECT a.actor_id, b.of_actor_id, GREATEST(a.valid_from, b.valid_from), LEAST(a.valid_to, b.valid_to)
    FROM links a
    JOIN links b ON b.actor_id = a.of_actor_id
    WHERE COALESCE(GREATEST(a.valid_from, b.valid_from) <= LEAST(a.valid_to, b.valid_to), TRUE)
),

four AS (
    SELECT * FROM two
    UNION
    SELECT a.actor_id, b.of_actor_id, GREATEST(a.valid_from, b.valid_from), LEAST(a.valid_to, b.valid_to)
    FROM two a
    JOIN two b ON b.actor_id = a.of_actor_id
    WHERE COALESCE(GREATEST(a.valid_from, b.valid_from) <= LEAST(a.valid_to, b.valid_to), TRUE)
),

ways AS (
    SELECT * FROM four
    UNION
    SELECT a.actor_id, b.of_actor_id, GREATEST(a.valid_from, b.valid_from), LEAST(a.valid_to, b.valid_to)
    FROM four a
    JOIN four b ON b.actor_id = a.of_actor_id
    WHERE COALESCE(GREATEST(a.valid_from, b.valid_from) <= LEAST(a.valid_to, b.valid_to), TRUE)
)

SELECT 'actor' AS kind, r.actor_id AS record_id, 'roles[' || CAST(r.number - 1 AS STRING) || '].of' AS field,
    r.of_actor_id AS value, r.role AS other
FROM roles r
WHERE r.of_actor_id = r.actor_id
    OR (
        r.role IN ('member_of', 'part_of')
        AND EXISTS (
            SELECT 1
            FROM ways w
            WHERE w.actor_id = r.of_actor_id AND w.of_actor_id = r.actor_id
                AND COALESCE(GREATEST(r.valid_from, w.valid_from) <= LEAST(r.valid_to, w.valid_to), TRUE)
        )
    )
