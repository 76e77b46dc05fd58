-- Spells: which position apart stands of each holder on each issue, from which day until which.
--
-- What stands is chosen as in `as_of`. On an issue of words the latest stands. On an issue of deeds, a
-- step down begins an era, in which the rungs after it compete by their level; the era before any
-- step down has place 0. `until` is exclusive, and null if nothing replaces the position.
-- Tables: apart (the positions that `fold` makes of `statements`), parameters (ambiguous: positions
-- without a level stand too).

WITH placed AS (
    SELECT p.*, ROW_NUMBER() OVER (
            PARTITION BY p.part, p.actor_id, p.issue_id
            ORDER BY
                p.earliest, p.latest DESC, CASE p.date_kind WHEN 'day' THEN 3 WHEN 'lasting' THEN 2 ELSE 1 END,
                p.step_down, CASE WHEN p.step_down THEN -p.rung ELSE p.rung END, p.stance_id DESC
        ) AS place
    FROM apart p
    CROSS JOIN parameters q
    WHERE q.ambiguous OR p.level IS NOT NULL
),

steps_down AS (
    SELECT p.part, p.actor_id, p.issue_id, p.place, p.earliest, p.counts_from AS since, MIN(p.counts_from) OVER (
            PARTITION BY p.part, p.actor_id, p.issue_id ORDER BY p.place
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS until
    FROM placed p
    WHERE p.step_down
),

eras AS (
    SELECT part, actor_id, issue_id, place, earliest, since, until
    FROM steps_down
    WHERE until IS NULL OR until > since
    UNION ALL
    SELECT part, actor_id, issue_id, 0, NULL, NULL, MIN(CASE WHEN step_down THEN counts_from ELSE NULL END)
    FROM placed
    GROUP BY part, actor_id, issue_id
),

candidates AS (
    SELECT p.*, e.place AS era, CASE WHEN e.since > p.counts_from THEN e.since ELSE p.counts_from END AS since
    FROM placed p
    JOIN eras e ON e.part = p.part AND e.actor_id = p.actor_id AND e.issue_id = p.issue_id
    WHERE (e.place = p.place OR NOT p.step_down AND (e.earliest IS NULL OR e.earliest < p.earliest))
        AND (e.until IS NULL OR e.until > p.counts_from)
),

-- A candidate stands until one that is higher, or equally high and later, begins to count.
outdone AS (
    SELECT c.*, MIN(c.since) OVER (
            PARTITION BY c.part, c.actor_id, c.issue_id, c.era ORDER BY c.rung, c.place
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS outdone_on
    FROM candidates c
)

SELECT
    o.part, o.actor_id, o.issue_id, o.kind, o.since, LEAD(o.since) OVER (
        PARTITION BY o.part, o.actor_id, o.issue_id ORDER BY o.since
    ) AS until,
    o.stance_id, o.level, o.level_name, o.own, o.stated_on, o.earliest, o.latest,
    CASE WHEN o.date_kind = 'lasting' THEN o.latest ELSE o.earliest END AS holds_until
FROM outdone o
WHERE o.outdone_on IS NULL OR o.outdone_on > o.since
