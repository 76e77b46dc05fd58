-- Entries of the same role do not overlap in time.
-- severity: error
-- message: overlaps another entry of the same role, got {value!r} from {other} again; merge the two, or fix the dates

SELECT 'actor' AS kind, r.actor_id AS record_id, 'roles[' || CAST(r.number - 1 AS STRING) || ']' AS field,
    r.role || ' ' || r.of_actor_id AS value,
    CASE WHEN r.valid_from IS NULL THEN 'the start' ELSE CAST(r.valid_from AS STRING) END AS other
FROM roles r
WHERE EXISTS (
    SELECT 1
    FROM roles o
    WHERE o.actor_id = r.actor_id AND o.role = r.role AND o.of_actor_id = r.of_actor_id
        AND COALESCE(o.title, '') = COALESCE(r.title, '')
        AND o.number < r.number
        AND (o.valid_from IS NULL OR r.valid_to IS NULL OR o.valid_from <= r.valid_to)
        AND (r.valid_from IS NULL OR o.valid_to IS NULL OR r.valid_from <= o.valid_to)
)
