-- A position that a third party attributes has no event.
-- severity: error
-- message: is attributed and has an event, got {value}; leave the event out
-- since: 2
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'event'
-- value: event_id
-- other: ''

attribution = 'third_party' AND event_id IS NOT NULL
