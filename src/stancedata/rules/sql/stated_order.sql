-- A statement date does not end before it begins.
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
