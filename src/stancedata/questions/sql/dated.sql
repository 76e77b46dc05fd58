-- Dated: positions, each with the day from which it counts and the day by which it is ranked.
--
-- A position counts from the last day that its date can mean and is ranked by the first. A lasting
-- position counts from its first day and is ranked by its last, or by the requested day if that is
-- earlier.
-- Tables: positions.

SELECT
    p.*,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_earliest ELSE p.stated_latest END AS counts_from,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_latest ELSE p.stated_earliest END AS ranks_by
FROM positions p
