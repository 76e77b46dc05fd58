-- The name of an actor is its only preferred name.
-- severity: error
-- message: must have one preferred name, {other!r}, got {value}; list it with kind preferred, and any other as an alias
-- since: 2

SELECT 'actor' AS kind, a.actor_id AS record_id, COALESCE('names[' || CAST(n.position - 1 AS STRING) || '].kind', 'names') AS field,
    COALESCE(n.name, 'none') AS value, a.name AS other
FROM actors a
LEFT JOIN actor_names n ON n.actor_id = a.actor_id AND n.kind = 'preferred' AND n.name <> a.name
WHERE n.name IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM actor_names p
    WHERE p.actor_id = a.actor_id AND p.kind = 'preferred' AND p.name = a.name
)
