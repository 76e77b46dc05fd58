-- A coder is a person or a language model.
-- severity: warning
-- message: says neither person nor language_model, got {value}; add `kind`
-- since: 2
-- row: coders
-- kind: codebook
-- record: 'codebook'
-- field: 'coders[' || CAST(position - 1 AS STRING) || '].kind'
-- value: COALESCE(kind, 'no kind')
-- other: ''

kind IS NULL OR kind NOT IN ('person', 'language_model')
