-- An event names the source of its date.
-- severity: warning
-- message: has no source for its date; add dated_by or source
-- since: 2
-- row: events
-- kind: event
-- record: event_id
-- field: 'dated_by'
-- value: ''
-- other: ''

dated_by IS NULL AND source IS NULL
