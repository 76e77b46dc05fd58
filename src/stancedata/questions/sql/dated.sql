-- Dated: positions, each with the days from which it counts, by which it ranks and until which it holds.
--
-- A lasting position counts from its first day and holds until its last. Any other counts from the
-- last day that its date can mean, and holds until the first: it may have been stated then. All rank
-- by their first day; `date_rank` orders positions that begin and end on the same days, best first.
-- Tables: positions.

SELECT
    p.*,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_earliest ELSE p.stated_latest END AS counts_from,
    p.stated_earliest AS ranks_by,
    CASE WHEN p.date_kind = 'lasting' THEN p.stated_latest ELSE p.stated_earliest END AS holds_until,
    CASE p.date_kind WHEN 'day' THEN 1 WHEN 'lasting' THEN 2 ELSE 3 END AS date_rank,
    COALESCE(p.kind = 'deeds', FALSE) AS is_deed,
    COALESCE(p.kind = 'deeds' AND p.act = 'ends', FALSE) AS step_down,
    COALESCE(CAST(p.level AS BIGINT), -2147483649) AS level_rank -- no level is the lowest
FROM positions p
