-- A stance's level is one of its issue's levels, with the right number.
-- severity: error
-- message: is not a level of {other}, got {value}; take name and number from the codebook
-- blind: true

SELECT 'stance' AS kind, s.stance_id AS record_id, 'level' AS field, s.level_name || ' (' || COALESCE(CAST(s.level AS STRING), 'no number') || ')' AS value, s.issue_id AS other
FROM stances s
WHERE NOT (s.level_name = 'ambiguous' AND s.level IS NULL) AND NOT EXISTS (
    SELECT 1 FROM levels v
    WHERE v.issue_id = s.issue_id AND v.level_name = s.level_name AND v.level = s.level
)
