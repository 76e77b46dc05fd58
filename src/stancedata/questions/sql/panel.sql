-- Panel: the answer of `as_of`, computed for many periods together.
--
-- After the last day that its date can mean, the rank of a position no longer depends on the
-- requested day: it is settled. So only the highest-ranked of the positions that settle in a period
-- are kept, and each stands until a later period has a higher one; a position is read once, however
-- many periods there are. A lasting position that still runs is ranked by the requested day, so it
-- is compared in each period that ends meanwhile. Whole rows are joined last, to keep the rest narrow.
-- Tables: dated (the query of that name), actors, periods (period, first_day, last_day), calendar (a
-- number for every day), parameters (actor_id, issue_id, max_age; null for all).

WITH ends AS (
    SELECT t.last_day, c.number, ROW_NUMBER() OVER (ORDER BY t.last_day) AS place
    FROM (SELECT DISTINCT last_day FROM periods) t
    JOIN calendar c ON c.day = t.last_day
),

-- The first period that ends on or after each day.
reached AS (
    SELECT c.day, MIN(e.place) AS place
    FROM calendar c
    JOIN ends e ON e.last_day >= c.day
    GROUP BY c.day
),

-- Positions that count by the end of some period; `settled_place` is the period in which they settle.
counting AS (
    SELECT
        p.actor_id, p.issue_id, p.stance_id, p.stated_latest, p.own, p.level, p.ranks_by AS rank_day,
        counts.place AS from_place,
        settles.place AS settled_place
    FROM dated p
    JOIN reached counts ON counts.day = p.counts_from
    LEFT JOIN reached settles ON settles.day = p.stated_latest
    CROSS JOIN parameters q
    WHERE (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

-- The highest rank among the positions that settle in a period.
latest AS (
    SELECT actor_id, issue_id, settled_place, MAX(rank_day) AS rank_day
    FROM counting
    WHERE settled_place IS NOT NULL
    GROUP BY actor_id, issue_id, settled_place
),

climbing AS (
    SELECT x.actor_id, x.issue_id, x.settled_place, x.rank_day, MAX(x.rank_day) OVER (
            PARTITION BY x.actor_id, x.issue_id ORDER BY x.settled_place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS rank_before
    FROM latest x
),

-- Those that outrank all earlier ones, with the period in which the next such one settles. Equal
-- ranks do not count: the earlier end wins, and that is in the earlier period.
winning AS (
    SELECT c.actor_id, c.issue_id, c.settled_place, c.rank_day, LAG(c.settled_place) OVER (
            PARTITION BY c.actor_id, c.issue_id ORDER BY c.settled_place DESC
        ) AS until_place
    FROM climbing c
    WHERE c.rank_before IS NULL OR c.rank_before < c.rank_day
),

standing AS (
    SELECT c.actor_id, c.issue_id, c.stance_id, c.stated_latest, c.own, c.level, d.number AS rank_number,
        w.settled_place AS from_place, w.until_place
    FROM counting c
    JOIN winning w
        ON w.actor_id = c.actor_id AND w.issue_id = c.issue_id
        AND w.settled_place = c.settled_place AND w.rank_day = c.rank_day
    JOIN calendar d ON d.day = w.rank_day
    UNION ALL
    SELECT c.actor_id, c.issue_id, c.stance_id, c.stated_latest, c.own, c.level, NULL,
        c.from_place, c.settled_place
    FROM counting c
    WHERE c.settled_place IS NULL OR c.from_place < c.settled_place
),

-- The periods from one up to another, exclusive (0: no end). GROUP BY makes engines compute it first.
spans AS (
    SELECT s.from_place, s.until_place, e.last_day, MAX(e.number) AS number
    FROM (SELECT DISTINCT from_place, COALESCE(until_place, 0) AS until_place FROM standing) s
    JOIN ends e ON e.place >= s.from_place
    WHERE s.until_place = 0 OR e.place < s.until_place
    GROUP BY s.from_place, s.until_place, e.last_day
),

best AS (
    SELECT o.last_day AS on_day, s.actor_id, s.issue_id,
        MIN_BY(s.stance_id, (
            -COALESCE(s.rank_number, o.number), s.stated_latest, CASE WHEN s.own THEN 0 ELSE 1 END,
            -COALESCE(ABS(s.level), -1), s.stance_id
        )) AS stance_id,
        MAX(COALESCE(s.rank_number, o.number)) AS rank_number
    FROM standing s
    JOIN spans o ON o.from_place = s.from_place AND o.until_place = COALESCE(s.until_place, 0)
    JOIN actors a ON a.actor_id = s.actor_id
    WHERE a.valid_to IS NULL OR a.valid_to >= o.last_day
    GROUP BY o.last_day, s.actor_id, s.issue_id
    HAVING COUNT(*) > 0 -- always true: makes the planner expect few rows and look the rest up by key
)

SELECT
    t.period, b.on_day, p.actor_id, p.actor_name, p.iso3, p.cow, p.gw, p.governs_iso3, p.issue_id,
    p.level, p.level_name, p.level_min, p.level_max, p.stated_on, p.date_kind, p.stated_earliest,
    p.stated_latest, p.event_id, p.attribution, p.confidence, p.own, p.contested, p.mixed,
    p.document_count, p.stance_id, p.summary, today.number - b.rank_number AS age_days,
    p.stated_latest >= t.first_day AS observed  -- it counts, so it began by the last day
FROM best b
JOIN dated p
    ON p.actor_id = b.actor_id AND p.issue_id = b.issue_id AND p.stance_id = b.stance_id
JOIN periods t ON t.last_day = b.on_day
JOIN calendar today ON today.day = b.on_day
CROSS JOIN parameters q
WHERE q.max_age IS NULL OR today.number - b.rank_number <= q.max_age
ORDER BY t.period, p.actor_id, p.issue_id
