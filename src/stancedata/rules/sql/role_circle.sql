-- An actor has no role to itself, and is not a member or part of its own member or part.
-- severity: error
-- message: leads back to the actor itself, got {value!r}; fix the actor in `of`, or the dates
-- since: 2

SELECT 'actor' AS kind, r.actor_id AS record_id, 'roles[' || CAST(r.number - 1 AS STRING) || '].of' AS field,
    r.of_actor_id AS value, r.role AS other
FROM roles r
WHERE r.of_actor_id = r.actor_id
    OR EXISTS (
        SELECT 1
        FROM roles o
        WHERE o.actor_id = r.of_actor_id AND o.of_actor_id = r.actor_id
            AND r.role IN ('member_of', 'part_of') AND o.role IN ('member_of', 'part_of')
            AND (r.valid_from IS NULL OR o.valid_to IS NULL OR r.valid_from <= o.valid_to)
            AND (o.valid_from IS NULL OR r.valid_to IS NULL OR o.valid_from <= r.valid_to)
    )
