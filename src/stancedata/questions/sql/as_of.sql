-- As of: the position of each holder that stands on each issue, at the end of each period.
--
-- A position counts from the day that `dated` gives, until its holder ceases to exist. On an issue of
-- words the latest that counts stands. On an issue of deeds the highest rung stands that was reached
-- after the latest step down, or what that step left. `age_days` counts from the last day until which
-- the position holds; `observed` is true if that was stated in the period. For many periods, `days`
-- gives the same answer faster.
-- Tables: dated (the query of that name), actors, periods (period, first_day, last_day), calendar (a
-- number for every day), parameters (actor_id, issue_id, max_age, coverage_from, coverage_to; null
-- for all).

WITH counting AS (
    SELECT
        p.actor_id, p.issue_id, p.stance_id, p.stated_latest, p.date_rank, p.is_deed, p.step_down,
        p.level_rank, t.last_day, r.number AS rank_number
    FROM dated p
    JOIN actors a ON a.actor_id = p.actor_id
    JOIN periods t ON t.last_day >= p.counts_from
    JOIN calendar r ON r.day = p.ranks_by
    CROSS JOIN parameters q
    WHERE (a.valid_to IS NULL OR a.valid_to >= t.last_day)
        AND (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

-- The latest step down.
steps AS (
    SELECT
        actor_id, issue_id, last_day,
        MAX(rank_number) AS rank_number,
        MIN_BY(stance_id, (-rank_number, stated_latest, date_rank, level_rank, stance_id)) AS stance_id
    FROM counting
    WHERE step_down
    GROUP BY actor_id, issue_id, last_day
),

best AS (
    SELECT
        c.actor_id, c.issue_id, c.last_day,
        MIN_BY(c.stance_id, (
            CASE WHEN c.is_deed THEN -c.level_rank ELSE 0 END, -c.rank_number, c.stated_latest,
            c.date_rank, c.stance_id
        )) AS stance_id
    FROM counting c
    LEFT JOIN steps s
        ON s.actor_id = c.actor_id AND s.issue_id = c.issue_id AND s.last_day = c.last_day
    WHERE s.stance_id IS NULL OR s.stance_id = c.stance_id
        OR (NOT c.step_down AND c.rank_number > s.rank_number)
    GROUP BY c.actor_id, c.issue_id, c.last_day
)

SELECT
    t.period, t.last_day AS on_day, p.*,
    today.number - held.number AS age_days,
    p.stated_latest >= t.first_day AS observed, -- it counts, so it began by the last day
    q.coverage_from, q.coverage_to,
    q.coverage_from <= t.last_day AND t.last_day <= q.coverage_to AS covered
FROM best b
JOIN periods t ON t.last_day = b.last_day
JOIN dated p ON p.actor_id = b.actor_id AND p.issue_id = b.issue_id AND p.stance_id = b.stance_id
JOIN calendar today ON today.day = t.last_day
JOIN calendar held ON held.day = CASE WHEN p.holds_until < t.last_day THEN p.holds_until ELSE t.last_day END
CROSS JOIN parameters q
WHERE q.max_age IS NULL OR today.number - held.number <= q.max_age
ORDER BY t.period, p.actor_id, p.issue_id
