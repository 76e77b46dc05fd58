-- Fold: one row for each holder, issue and occasion, at the level of the best evidence.
--
-- Of the statements on one occasion, those with the best attribution remain; of these those with the
-- best confidence; of these the holder's own, if there are any. Then each independent document has
-- one vote for each of its levels. Most votes win; of equals the level nearest to zero; +k and -k
-- leave no level. On an issue of deeds, each rung, and each step down, is an occasion of its own.
-- Tables: statements (the columns of `counted`, and `part`: statements are folded within their part).

-- Most occasions have one statement, and nothing to choose: only the others take the steps below.
-- A statement belongs to one occasion of its holder, and to one part, so the smallest stance_id names
-- the occasion.
WITH crowds AS (
    SELECT
        part, actor_id, issue_id, date_kind, earliest, latest, rung, step_down,
        MIN(stance_id) AS crowd
    FROM statements
    GROUP BY part, actor_id, issue_id, date_kind, earliest, latest, rung, step_down
    HAVING COUNT(*) > 1
),

lone AS (
    SELECT k.*
    FROM statements k
    WHERE NOT EXISTS (
        SELECT 1 FROM crowds t
        WHERE t.part = k.part AND t.actor_id = k.actor_id AND t.issue_id = k.issue_id
            AND t.date_kind = k.date_kind AND t.earliest = k.earliest AND t.latest = k.latest
            AND t.rung = k.rung AND t.step_down = k.step_down
    )
),

-- The best evidence of each occasion has place 1.
crowded AS (
    SELECT
        k.*,
        t.crowd,
        RANK() OVER (
            PARTITION BY k.actor_id, t.crowd
            ORDER BY k.attribution_rank, k.confidence_rank, CASE WHEN k.own THEN 0 ELSE 1 END
        ) AS place
    FROM statements k
    JOIN crowds t
        ON t.part = k.part AND t.actor_id = k.actor_id AND t.issue_id = k.issue_id
        AND t.date_kind = k.date_kind AND t.earliest = k.earliest AND t.latest = k.latest
        AND t.rung = k.rung AND t.step_down = k.step_down
),

-- The spread, over everything that was counted.
sides AS (
    SELECT
        actor_id, crowd, document_id,
        MAX(CASE WHEN side = 1 THEN 1 ELSE 0 END) AS plus,
        MAX(CASE WHEN side = -1 THEN 1 ELSE 0 END) AS minus
    FROM crowded
    GROUP BY actor_id, crowd, document_id
),

both_sides AS (
    SELECT actor_id, crowd, MAX(plus * minus) AS mixed
    FROM sides
    GROUP BY actor_id, crowd
),

spread AS (
    SELECT
        actor_id, crowd,
        MIN(level) AS level_min,
        MAX(level) AS level_max,
        COUNT(DISTINCT origin_id) AS document_count,
        COUNT(DISTINCT side) AS sides,
        COUNT(DISTINCT CASE WHEN level IS NULL THEN NULL ELSE document_id END) AS documents
    FROM crowded
    GROUP BY actor_id, crowd
),

votes AS (
    SELECT actor_id, crowd, level, COUNT(DISTINCT origin_id) AS votes
    FROM crowded
    WHERE place = 1 AND level IS NOT NULL
    GROUP BY actor_id, crowd, level
),

ranked AS (
    SELECT
        v.actor_id, v.crowd, v.level,
        RANK() OVER (
            PARTITION BY v.actor_id, v.crowd
            ORDER BY v.votes DESC, ABS(CAST(v.level AS BIGINT))
        ) AS place
    FROM votes v
),

-- Two levels, if the vote ends with +k and -k.
elected AS (
    SELECT actor_id, crowd, MIN(level) AS low, MAX(level) AS high
    FROM ranked
    WHERE place = 1
    GROUP BY actor_id, crowd
),

-- An original represents the occasion rather than a copy.
representatives AS (
    SELECT
        c.actor_id, c.crowd, MIN(e.low) AS low, MAX(e.high) AS high,
        MIN_BY(c.stance_id, (CASE WHEN c.document_id = c.origin_id THEN 0 ELSE 1 END, c.stance_id)) AS stance_id
    FROM crowded c
    LEFT JOIN elected e ON e.actor_id = c.actor_id AND e.crowd = c.crowd
    WHERE c.place = 1 AND (e.crowd IS NULL OR c.level IN (e.low, e.high))
    GROUP BY c.actor_id, c.crowd
)

SELECT
    c.part, c.actor_id, c.issue_id, c.kind, c.date_kind, c.earliest, c.latest, c.rung, c.step_down,
    c.stated_on, c.counts_from,
    CASE WHEN r.low = r.high THEN c.level ELSE NULL END AS level,
    CASE WHEN r.low IS NULL THEN 'ambiguous' WHEN r.low = r.high THEN c.level_name ELSE NULL END AS level_name,
    p.level_min, p.level_max,
    c.stance_id, c.document_id, c.event_id, c.target_id, c.attribution, c.confidence, c.own, c.joint_size,
    p.sides > 1 AND p.documents > 1 AS contested,
    b.mixed = 1 AS mixed,
    CAST(p.document_count AS INT) AS document_count
FROM representatives r
JOIN crowded c ON c.actor_id = r.actor_id AND c.stance_id = r.stance_id
JOIN spread p ON p.actor_id = r.actor_id AND p.crowd = r.crowd
JOIN both_sides b ON b.actor_id = r.actor_id AND b.crowd = r.crowd
UNION ALL
SELECT
    l.part, l.actor_id, l.issue_id, l.kind, l.date_kind, l.earliest, l.latest, l.rung, l.step_down,
    l.stated_on, l.counts_from,
    l.level,
    CASE WHEN l.level IS NULL THEN 'ambiguous' ELSE l.level_name END,
    l.level, l.level,
    l.stance_id, l.document_id, l.event_id, l.target_id, l.attribution, l.confidence, l.own, l.joint_size,
    FALSE, FALSE, 1
FROM lone l
