-- A position that a third party attributes names that third party.
-- severity: error
-- message: is required with attribution third_party, got {value}; name who attributes the position
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'attributed_by'
-- value: 'nobody'
-- other: ''
-- blind: true

attribution = 'third_party' AND attributed_by_id IS NULL
