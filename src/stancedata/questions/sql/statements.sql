-- Statements: the counted stances that are compared like with like, each with its part.
--
-- The part is `all`, or without `across` the holder's `own` statements and the `joint` ones. Without
-- `low`, words that the coder is not confident of are left out. `fold` makes positions apart of them.
-- Tables: counted (the query of that name), parameters (across, low).

SELECT c.*, CASE WHEN q.across THEN 'all' WHEN c.own THEN 'own' ELSE 'joint' END AS part
FROM counted c
CROSS JOIN parameters q
WHERE q.low OR c.kind = 'deeds' OR c.confidence <> 'low'
