-- A code of a scheme belongs to one actor.
-- severity: error
-- message: also belongs to another actor, got {value}; {other} has it: fix one of the two

SELECT 'actor' AS kind, c.actor_id AS record_id, 'codes[' || CAST(MIN(c.position) - 1 AS STRING) || ']' AS field,
    c.scheme || ' ' || c.code AS value, MIN(o.actor_id) AS other
FROM actor_codes c
JOIN actor_codes o ON o.scheme = c.scheme AND o.code = c.code AND o.actor_id <> c.actor_id
WHERE (c.valid_from IS NULL OR o.valid_to IS NULL OR c.valid_from <= o.valid_to)
    AND (o.valid_from IS NULL OR c.valid_to IS NULL OR o.valid_from <= c.valid_to)
GROUP BY c.actor_id, c.scheme, c.code
