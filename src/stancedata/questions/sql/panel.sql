-- Panel: what stands at the end of each period, and what was stated in it.
--
-- `level_min` and `level_max` are the least and the greatest level of the positions that began to
-- count in the period, and `statements` is their number. A balanced panel also has a row for every
-- holder and issue without a position.
-- Tables: standing (the answer of as_of or days), dated (the query of that name), actors, issues, calendar (a
-- number for every day), periods (period, first_day, last_day, year, month), parameters (actor_id,
-- issue_id, coverage_from, coverage_to, null for all; balanced).

WITH asked AS (
    SELECT p.actor_id, p.issue_id, p.level_min, p.level_max, p.counts_from
    FROM dated p
    CROSS JOIN parameters q
    WHERE (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

days AS (
    SELECT c.day, t.period
    FROM calendar c
    JOIN periods t ON c.day BETWEEN t.first_day AND t.last_day
),

begun AS (
    SELECT
        t.period, p.actor_id, p.issue_id,
        MIN(p.level_min) AS level_min, MAX(p.level_max) AS level_max, CAST(COUNT(*) AS INT) AS statements
    FROM asked p
    JOIN days t ON t.day = p.counts_from
    GROUP BY t.period, p.actor_id, p.issue_id
),

known_holders AS (
    SELECT DISTINCT actor_id FROM asked
),

grid AS (
    SELECT t.period, h.actor_id, a.name AS actor_name, i.issue_id, COALESCE(i.kind, 'words') AS kind
    FROM periods t
    CROSS JOIN known_holders h
    JOIN actors a ON a.actor_id = h.actor_id
    CROSS JOIN issues i
    CROSS JOIN parameters q
    WHERE q.balanced AND (q.issue_id IS NULL OR q.issue_id = i.issue_id)
),

cells AS (
    SELECT
        COALESCE(s.period, g.period) AS cell_period,
        COALESCE(s.actor_id, g.actor_id) AS cell_actor,
        COALESCE(s.issue_id, g.issue_id) AS cell_issue,
        COALESCE(s.actor_name, g.actor_name) AS cell_name,
        COALESCE(s.kind, g.kind) AS cell_kind,
        s.*
    FROM standing s
    FULL JOIN grid g ON g.period = s.period AND g.actor_id = s.actor_id AND g.issue_id = s.issue_id
)

SELECT
    t.period, t.year, t.month, t.last_day AS on_day, c.cell_actor AS actor_id, c.cell_name AS actor_name, c.iso3,
    c.cow, c.gw, c.governs_iso3, c.cell_issue AS issue_id, c.level, c.level_name, b.level_min,
    b.level_max, COALESCE(b.statements, 0) AS statements, c.stated_on, c.date_kind, c.stated_earliest,
    c.stated_latest, c.event_id, c.attribution, c.confidence, c.own, c.contested, c.mixed,
    c.document_count, c.stance_id, c.summary, c.cell_kind AS kind, c.act, c.speaker_id, c.target_id, c.conditional,
    c.conditions, c.aspects, c.joint_size, c.document_id, c.publisher, c.published_on, c.url,
    c.age_days, COALESCE(c.observed, FALSE) AS observed, q.coverage_from, q.coverage_to,
    q.coverage_from <= t.last_day AND t.last_day <= q.coverage_to AS covered
FROM cells c
JOIN periods t ON t.period = c.cell_period
LEFT JOIN begun b
    ON b.period = c.cell_period AND b.actor_id = c.cell_actor AND b.issue_id = c.cell_issue
CROSS JOIN parameters q
ORDER BY t.period, c.cell_actor, c.cell_issue
