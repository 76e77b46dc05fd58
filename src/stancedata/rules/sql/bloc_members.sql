-- A bloc has members.
-- severity: warning
-- message: is a bloc without members: no actor has the role member_of it; add the role to its members
-- whole: true

SELECT 'actor' AS kind, a.actor_id AS record_id, 'kind' AS field, a.kind AS value, '' AS other
FROM actors a
WHERE a.kind = 'bloc' AND NOT EXISTS (
    SELECT 1 FROM roles r WHERE r.of_actor_id = a.actor_id AND r.role = 'member_of'
)
