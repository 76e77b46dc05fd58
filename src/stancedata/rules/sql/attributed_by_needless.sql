-- Nobody is named as ascribing a position that is not ascribed.
-- severity: error
-- message: goes with attribution third_party alone, got {value!r} with {other}; leave it out, or change the attribution
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'attributed_by'
-- value: attributed_by_id
-- other: attribution
-- blind: true

attribution <> 'third_party' AND attributed_by_id IS NOT NULL
