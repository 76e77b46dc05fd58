-- An issue is of words or of deeds.
-- severity: error
-- message: says neither words nor deeds, got {value}; add `kind`
-- since: 2
-- row: issues
-- kind: codebook
-- record: 'codebook'
-- field: 'issues[' || CAST(position - 1 AS STRING) || '].kind'
-- value: COALESCE(kind, 'no kind')
-- other: ''

kind IS NULL OR kind NOT IN ('words', 'deeds')
