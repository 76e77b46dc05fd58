-- A position of a bloc is not repeated for its members.
-- severity: error
-- message: is a member of a bloc that holds the same stance, got {value!r} beside {other!r}; leave the member out
-- blind: true

SELECT 'stance' AS kind, h.stance_id AS record_id, 'holders[' || CAST(h.position - 1 AS STRING) || ']' AS field, h.actor_id AS value, b.actor_id AS other
FROM holders h
JOIN stances s ON s.stance_id = h.stance_id
JOIN holders b ON b.stance_id = h.stance_id AND b.actor_id <> h.actor_id
JOIN roles r ON r.actor_id = h.actor_id AND r.of_actor_id = b.actor_id AND r.role = 'member_of'
WHERE h.role = 'party' AND b.role = 'party'
    AND (r.valid_from IS NULL OR r.valid_from <= s.stated_latest)
    AND (r.valid_to IS NULL OR r.valid_to >= s.stated_earliest)
