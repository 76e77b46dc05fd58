-- Only a position with attribution third_party names who attributes it.
-- severity: error
-- message: is only allowed with attribution third_party, got {value!r} with {other}; leave it out, or change the attribution
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'attributed_by'
-- value: attributed_by_id
-- other: attribution
-- blind: true

attribution <> 'third_party' AND attributed_by_id IS NOT NULL
