-- Dated: positions, each with the day from which it counts and the day by which it ranks.
--
-- A position counts from the last day that its date can mean, and ranks by the first. A lasting one
-- counts from its first day, and ranks by its last; before that day comes, by the day asked for.
-- Tables: positions.

SELECT
    p.*,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_earliest ELSE p.stated_latest END AS counts_from,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_latest ELSE p.stated_earliest END AS ranks_by
FROM positions p
