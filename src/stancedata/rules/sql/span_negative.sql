-- A span begins at the first character or later.
-- severity: error
-- message: begins before the text, got {value}; count characters from 0
-- row: evidence
-- kind: stance
-- record: stance_id
-- field: 'evidence[' || CAST(number - 1 AS STRING) || '].span'
-- value: CAST(span_start AS STRING)
-- other: ''
-- blind: true

span_start IS NOT NULL AND span_start < 0
