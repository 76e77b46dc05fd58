-- Days: the answer of `as_of`, computed for many periods together. A change to one is a change to both;
-- a test compares their answers.
--
-- Positions are put on tracks: on an issue of words a holder has one; on an issue of deeds one for
-- each level, and one for steps down. On its track, a position stands from the period in which it
-- counts until that of the next one that is later: so it is read once, however many periods there
-- are. Whole rows are joined last, to keep the rest narrow.
-- Tables: dated (the query of that name), actors, periods (period, first_day, last_day), calendar (a
-- number for every day), parameters (actor_id, issue_id, max_age, coverage_from, coverage_to; null
-- for all).

WITH ends AS (
    SELECT t.last_day, ROW_NUMBER() OVER (ORDER BY t.last_day) AS place
    FROM (SELECT DISTINCT last_day FROM periods) t
),

-- The first period that ends on or after each day.
reached AS (
    SELECT
        c.day,
        -- Backwards, since Spark computes a frame again for each row if it ends with the last one.
        MIN(e.place) OVER (ORDER BY c.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS place
    FROM calendar c
    LEFT JOIN ends e ON e.last_day = c.day
),

counting AS (
    SELECT
        p.actor_id, p.issue_id, p.stance_id, p.stated_latest, p.date_rank, p.is_deed, p.step_down,
        p.level_rank, r.number AS rank_number, f.place,
        CASE WHEN p.is_deed AND NOT p.step_down THEN p.level_rank ELSE 0 END AS track,
        ROW_NUMBER() OVER (
            PARTITION BY
                p.actor_id, p.issue_id, p.step_down,
                CASE WHEN p.is_deed AND NOT p.step_down THEN p.level_rank ELSE 0 END
            ORDER BY p.ranks_by, p.stated_latest DESC, p.date_rank DESC, p.level_rank DESC, p.stance_id DESC
        ) AS lateness
    FROM dated p
    JOIN reached f ON f.day = p.counts_from AND f.place IS NOT NULL
    JOIN calendar r ON r.day = p.ranks_by
    CROSS JOIN parameters q
    WHERE (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

latest AS (
    SELECT actor_id, issue_id, step_down, track, place, MAX(lateness) AS lateness
    FROM counting
    GROUP BY actor_id, issue_id, step_down, track, place
),

climbing AS (
    SELECT
        x.actor_id, x.issue_id, x.step_down, x.track, x.place, x.lateness,
        MAX(x.lateness) OVER (
            PARTITION BY x.actor_id, x.issue_id, x.step_down, x.track ORDER BY x.place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS lateness_before
    FROM latest x
),

-- Those that are later than all before them, each with the period in which the next such one counts.
winning AS (
    SELECT
        c.actor_id, c.issue_id, c.step_down, c.track, c.lateness, c.place AS from_place,
        COALESCE(LAG(c.place) OVER (
            PARTITION BY c.actor_id, c.issue_id, c.step_down, c.track ORDER BY c.place DESC
        ), 0) AS until_place
    FROM climbing c
    WHERE c.lateness_before IS NULL OR c.lateness_before < c.lateness
),

-- The periods from one up to another, exclusive (0: no end). GROUP BY makes engines compute it first.
spans AS (
    SELECT s.from_place, s.until_place, e.last_day
    FROM (SELECT DISTINCT from_place, until_place FROM winning) s
    JOIN ends e ON e.place >= s.from_place
    WHERE s.until_place = 0 OR e.place < s.until_place
    GROUP BY s.from_place, s.until_place, e.last_day
),

standing AS (
    SELECT
        c.actor_id, c.issue_id, c.stance_id, c.stated_latest, c.date_rank, c.is_deed, c.step_down,
        c.level_rank, c.rank_number, o.last_day
    FROM winning w
    JOIN counting c
        ON c.actor_id = w.actor_id AND c.issue_id = w.issue_id AND c.step_down = w.step_down
        AND c.track = w.track AND c.lateness = w.lateness
    JOIN spans o ON o.from_place = w.from_place AND o.until_place = w.until_place
    JOIN actors a ON a.actor_id = c.actor_id
    WHERE a.valid_to IS NULL OR a.valid_to >= o.last_day
),

steps AS (
    SELECT actor_id, issue_id, last_day, stance_id, rank_number FROM standing WHERE step_down
),

best AS (
    SELECT
        c.actor_id, c.issue_id, c.last_day,
        MIN_BY(c.stance_id, (
            CASE WHEN c.is_deed THEN -c.level_rank ELSE 0 END, -c.rank_number, c.stated_latest,
            c.date_rank, c.stance_id
        )) AS stance_id
    FROM standing c
    LEFT JOIN steps s
        ON s.actor_id = c.actor_id AND s.issue_id = c.issue_id AND s.last_day = c.last_day
    WHERE s.stance_id IS NULL OR s.stance_id = c.stance_id OR c.rank_number > s.rank_number
    GROUP BY c.actor_id, c.issue_id, c.last_day
    HAVING COUNT(*) > 0 -- always true: makes the planner expect few rows and look the rest up by key
)

SELECT
    t.period, t.last_day AS on_day, p.*,
    today.number - held.number AS age_days,
    p.stated_latest >= t.first_day AS observed, -- it counts, so it began by the last day
    q.coverage_from, q.coverage_to,
    q.coverage_from <= t.last_day AND t.last_day <= q.coverage_to AS covered
FROM best b
JOIN dated p
    ON p.actor_id = b.actor_id AND p.issue_id = b.issue_id AND p.stance_id = b.stance_id
JOIN periods t ON t.last_day = b.last_day
JOIN calendar today ON today.day = b.last_day
JOIN calendar held ON held.day = CASE WHEN p.holds_until < b.last_day THEN p.holds_until ELSE b.last_day END
CROSS JOIN parameters q
WHERE q.max_age IS NULL OR today.number - held.number <= q.max_age
ORDER BY t.period, p.actor_id, p.issue_id
