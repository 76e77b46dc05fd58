-- A name begins before it ends.
-- severity: error
-- message: is earlier than valid_from, got {value}; fix one of the two
-- since: 2
-- row: actor_names
-- kind: actor
-- record: actor_id
-- field: 'names[' || CAST(position - 1 AS STRING) || '].valid_to'
-- value: CAST(valid_to AS STRING)
-- other: ''

valid_from > valid_to
