-- Every span has the digest of its characters.
-- severity: error
-- message: has no digest, got {value}; use `stancedata code span` to write both
-- row: evidence
-- kind: stance
-- record: stance_id
-- field: 'evidence[' || CAST(number - 1 AS STRING) || ']'
-- value: 'a span without sha256'
-- other: ''
-- blind: true

span_start IS NOT NULL AND sha256 IS NULL
