-- A corpus does not end before it begins.
-- severity: error
-- message: is earlier than covers_from, got {value}; fix one of the two
-- since: 2
-- row: coverage
-- kind: coverage
-- record: coverage_id
-- field: 'covers_to'
-- value: CAST(covers_to AS STRING)
-- other: ''

covers_from > covers_to
