-- A position of a bloc is not repeated for its members.
-- severity: error
-- message: is a member of a bloc that holds the same stance, got {value!r} beside {other!r}; leave the member out
-- blind: true

-- Few holders have members, and only their stances are looked up.
WITH blocs AS (
    SELECT b.stance_id, b.actor_id
    FROM holders b
    WHERE b.role = 'party' AND EXISTS (
        SELECT 1 FROM roles r WHERE r.of_actor_id = b.actor_id AND r.role = 'member_of'
    )
)

SELECT 'stance' AS kind, h.stance_id AS record_id, 'holders[' || CAST(h.position - 1 AS STRING) || ']' AS field, h.actor_id AS value, b.actor_id AS other
FROM blocs b
JOIN holders h ON h.stance_id = b.stance_id AND h.actor_id <> b.actor_id
JOIN roles r ON r.actor_id = h.actor_id AND r.of_actor_id = b.actor_id AND r.role = 'member_of'
JOIN stances s ON s.stance_id = h.stance_id
WHERE h.role = 'party'
    AND (r.valid_from IS NULL OR r.valid_from <= s.stated_latest)
    AND (r.valid_to IS NULL OR r.valid_to >= s.stated_earliest)
