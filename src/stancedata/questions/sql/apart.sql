-- Apart: stored positions, as `fold` makes them of all statements together.
--
-- Where own and joint statements make one position, nothing has to be folded again.
-- Tables: dated (the query of that name).

SELECT
    'all' AS part, p.actor_id, p.issue_id, p.kind, p.date_kind, p.stated_earliest AS earliest,
    p.stated_latest AS latest, CASE WHEN p.is_deed THEN p.level_rank ELSE 0 END AS rung, p.step_down,
    p.stated_on, p.counts_from, p.level, p.level_name, p.stance_id, p.own
FROM dated p
