-- Shifts: each change of a holder's level on an issue, from one position to the next.
--
-- Positions are ordered by the ranking of as_of; those without a level are skipped. A reversal is a
-- change of side, from agreeing to disagreeing or back.
-- With a day, only positions that count by that day are compared, ranked as of that day.
-- Tables: dated (the query of that name), parameters (actor_id, issue_id, on_day; null for all).

WITH known AS (
    SELECT
        p.*,
        CASE WHEN q.on_day < p.ranks_by THEN q.on_day ELSE p.ranks_by END AS rank_day
    FROM dated p
    CROSS JOIN parameters q
    WHERE p.level IS NOT NULL
        AND (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
        AND (q.on_day IS NULL OR q.on_day >= p.counts_from)
),

ordered AS (
    SELECT
        k.*,
        LAG(k.level) OVER w AS level_before,
        LAG(k.level_name) OVER w AS level_name_before,
        LAG(k.stated_on) OVER w AS stated_on_before,
        LAG(k.stance_id) OVER w AS stance_id_before
    FROM known k
    WINDOW w AS (
        PARTITION BY k.actor_id, k.issue_id
        ORDER BY k.rank_day ASC, k.stated_latest DESC, k.own ASC, ABS(k.level) ASC, k.stance_id DESC
    )
)

SELECT
    o.actor_id, o.actor_name, o.issue_id, o.level_before, o.level_name_before, o.stated_on_before,
    o.level, o.level_name, o.stated_on, o.stated_earliest, o.stated_latest,
    o.level - o.level_before AS change,
    o.level * o.level_before < 0 AS reversal,
    o.stance_id_before, o.stance_id
FROM ordered o
WHERE o.level <> o.level_before
ORDER BY o.actor_id, o.issue_id, o.rank_day, o.stated_latest DESC, o.own, ABS(o.level), o.stance_id DESC
