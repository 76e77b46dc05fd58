-- Every piece of evidence has a span or a locator.
-- severity: error
-- message: does not say where the words are, got {value}; add a span, or a locator if there is no text
-- row: evidence
-- kind: stance
-- record: stance_id
-- field: 'evidence[' || CAST(number - 1 AS STRING) || ']'
-- value: 'neither span nor locator'
-- other: ''
-- blind: true

span_start IS NULL AND locator IS NULL
