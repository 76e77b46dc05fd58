-- An event does not end before it begins.
-- severity: error
-- message: ends before it begins, got {value}; it begins on {other}
-- row: events
-- kind: event
-- record: event_id
-- field: 'held_on'
-- value: CAST(held_latest AS STRING)
-- other: CAST(held_earliest AS STRING)

held_earliest > held_latest
