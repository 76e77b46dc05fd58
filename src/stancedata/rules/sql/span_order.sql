-- A span begins before it ends.
-- severity: error
-- message: runs backwards or is empty, got {value}; write [start, end] with start before end
-- row: evidence
-- kind: stance
-- record: stance_id
-- field: 'evidence[' || CAST(number - 1 AS STRING) || '].span'
-- value: '[' || CAST(span_start AS STRING) || ', ' || CAST(span_end AS STRING) || ']'
-- other: ''
-- blind: true

span_start IS NOT NULL AND span_end IS NOT NULL AND span_start >= span_end
