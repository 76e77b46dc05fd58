-- Shifts: each change of a holder's level on an issue, from one position to the next.
--
-- Positions stand in the order in which one takes the place of another (see as_of); those without
-- a level are passed over. A reversal is a change of side, from agreeing to disagreeing or back.
-- Tables: positions, parameters (actor_id, issue_id; null for all).

WITH ordered AS (
    SELECT
        p.*,
        CASE WHEN p.date_kind = 'lasting' THEN p.stated_latest ELSE p.stated_earliest END AS rank_day,
        LAG(p.level) OVER w AS level_before,
        LAG(p.level_name) OVER w AS level_name_before,
        LAG(p.stated_on) OVER w AS stated_on_before,
        LAG(p.stance_id) OVER w AS stance_id_before
    FROM positions p
    WHERE p.level IS NOT NULL
    WINDOW w AS (
        PARTITION BY p.actor_id, p.issue_id
        ORDER BY CASE WHEN p.date_kind = 'lasting' THEN p.stated_latest ELSE p.stated_earliest END ASC,
            p.stated_latest DESC, p.own ASC, ABS(p.level) ASC, p.stance_id DESC
    )
)

SELECT
    o.actor_id, o.actor_name, o.issue_id, o.level_before, o.level_name_before, o.stated_on_before,
    o.level, o.level_name, o.stated_on, o.stated_earliest, o.stated_latest,
    o.level - o.level_before AS change,
    o.level * o.level_before < 0 AS reversal,
    o.stance_id_before, o.stance_id
FROM ordered o
CROSS JOIN parameters q
WHERE o.level <> o.level_before
    AND (q.actor_id IS NULL OR q.actor_id = o.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = o.issue_id)
ORDER BY o.actor_id, o.issue_id, o.rank_day, o.stated_latest DESC, o.own, ABS(o.level), o.stance_id DESC
