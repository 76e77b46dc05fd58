-- A position that somebody ascribes names who does.
-- severity: error
-- message: is needed with attribution third_party, got {value}; name who ascribes the position
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'attributed_by'
-- value: 'nobody'
-- other: ''
-- blind: true

attribution = 'third_party' AND attributed_by_id IS NULL
