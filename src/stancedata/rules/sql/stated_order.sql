-- The first day of a statement is not after its last.
-- severity: error
-- message: ends before it begins, got {value}; it begins on {other}
-- row: stances
-- kind: stance
-- record: stance_id
-- field: 'stated_on'
-- value: CAST(stated_latest AS STRING)
-- other: CAST(stated_earliest AS STRING)
-- blind: true

stated_earliest > stated_latest
