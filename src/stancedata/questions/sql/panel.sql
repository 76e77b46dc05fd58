-- Panel: what stands at the end of each period, and what was stated in it.
--
-- `level_min` and `level_max` are the least and the greatest level of the positions that began to
-- count in the period, and `statements` is their number. A balanced panel also has a row for every
-- holder and issue without a position. The codes are those that hold on the last day of the period, also
-- those of the state that the holder then governs.
-- Tables: standing (the answer of as_of or days), dated (the query of that name), actors, actor_codes, roles,
-- issues, numbers (the codes of actor_codes that are whole numbers, as numbers), calendar (a number for
-- every day), periods (period, first_day, last_day, year, month), parameters (actor_id, issue_id,
-- coverage_from, coverage_to, null for all; balanced).

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
),

ends AS (
    SELECT DISTINCT c.cell_actor AS actor_id, t.last_day
    FROM cells c
    JOIN periods t ON t.period = c.cell_period
),

subjects AS (
    SELECT actor_id, last_day, actor_id AS coded_id, FALSE AS governed
    FROM ends
    UNION ALL
    SELECT d.actor_id, d.last_day, r.of_actor_id AS coded_id, TRUE AS governed
    FROM ends d
    JOIN roles r ON r.actor_id = d.actor_id AND r.role = 'governs'
    WHERE (r.valid_from IS NULL OR r.valid_from <= d.last_day)
        AND (r.valid_to IS NULL OR r.valid_to >= d.last_day)
),

coded AS (
    SELECT
        s.actor_id, s.last_day, s.governed,
        MIN(CASE WHEN k.scheme = 'iso3166-1-alpha3' THEN k.code ELSE NULL END) AS iso3,
        MIN(CASE WHEN k.scheme = 'cow' THEN n.number ELSE NULL END) AS cow,
        MIN(CASE WHEN k.scheme = 'gw' THEN n.number ELSE NULL END) AS gw
    FROM subjects s
    JOIN actor_codes k ON k.actor_id = s.coded_id
    LEFT JOIN numbers n ON n.code = k.code
    WHERE (k.valid_from IS NULL OR k.valid_from <= s.last_day)
        AND (k.valid_to IS NULL OR k.valid_to >= s.last_day)
    GROUP BY s.actor_id, s.last_day, s.governed
)

SELECT
    t.period, t.year, t.month, t.last_day AS on_day, c.cell_actor AS actor_id, c.cell_name AS actor_name, k.iso3,
    k.cow, k.gw, g.iso3 AS governs_iso3, g.cow AS governs_cow, g.gw AS governs_gw, c.cell_issue AS issue_id, c.level, c.level_name, b.level_min,
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
LEFT JOIN coded k ON k.actor_id = c.cell_actor AND k.last_day = t.last_day AND NOT k.governed
LEFT JOIN coded g ON g.actor_id = c.cell_actor AND g.last_day = t.last_day AND g.governed
CROSS JOIN parameters q
ORDER BY t.period, c.cell_actor, c.cell_issue
