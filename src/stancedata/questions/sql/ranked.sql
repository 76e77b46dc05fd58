-- Ranked: positions apart, sorted by holder and issue, and of a pair the weakest first.
--
-- Of those that count on a day the last one stands, unless a step down came after it: the order is
-- that of `as_of`. Nothing that is read as an array is null.
-- Tables: apart (the positions that `fold` makes of `statements`), actors.

SELECT
    p.actor_id, p.issue_id, p.stance_id, COALESCE(p.level, 0) AS level, p.level IS NOT NULL AS has_level,
    p.counts_from, p.earliest, p.latest,
    CASE WHEN p.date_kind = 'lasting' THEN p.latest ELSE p.earliest END AS holds_until,
    CASE p.date_kind WHEN 'day' THEN 1 WHEN 'lasting' THEN 2 ELSE 3 END AS date_rank,
    p.rung, p.step_down, p.own
FROM apart p
JOIN actors a ON a.actor_id = p.actor_id
WHERE p.part <> 'joint'
ORDER BY
    p.actor_id, p.issue_id, p.rung, p.earliest, p.latest DESC,
    CASE p.date_kind WHEN 'day' THEN 1 WHEN 'lasting' THEN 2 ELSE 3 END DESC,
    p.step_down DESC, p.stance_id DESC
