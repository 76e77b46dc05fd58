-- Matrix: what stands as of each day, and how often its holder has spoken since and been silent.
--
-- `silent` counts the silences after the last day until which the position holds. Without a position,
-- a holder has a row if it was ever silent on the issue: its level_name is `silent`, and its days are
-- those of the latest silence.
-- Tables: standing (the answer of as_of or days, of any age), silence (the query of that name),
-- actors, issues, periods (period, last_day), parameters (max_age, coverage_from, coverage_to; null
-- for all).

WITH silences AS (
    SELECT
        t.period, s.actor_id, s.actor_name, s.issue_id, s.spoken_on, s.earliest, s.latest,
        CAST(COUNT(*) OVER (PARTITION BY t.period, s.actor_id, s.issue_id) AS INT) AS silent,
        ROW_NUMBER() OVER (
            PARTITION BY t.period, s.actor_id, s.issue_id
            ORDER BY s.latest DESC, s.earliest DESC, COALESCE(s.event_id, s.document_id)
        ) AS place
    FROM silence s
    JOIN actors a ON a.actor_id = s.actor_id
    JOIN periods t ON t.last_day >= s.latest AND (a.valid_to IS NULL OR a.valid_to >= t.last_day)
    LEFT JOIN standing m ON m.period = t.period AND m.actor_id = s.actor_id AND m.issue_id = s.issue_id
    WHERE m.stance_id IS NULL OR m.holds_until < s.latest
),

last_silences AS (
    SELECT * FROM silences WHERE place = 1
),

cells AS (
    SELECT
        COALESCE(m.period, s.period) AS cell_period,
        COALESCE(m.actor_id, s.actor_id) AS cell_actor,
        COALESCE(m.actor_name, s.actor_name) AS cell_name,
        COALESCE(m.issue_id, s.issue_id) AS cell_issue,
        COALESCE(m.stated_on, s.spoken_on) AS cell_on,
        COALESCE(m.stated_earliest, s.earliest) AS cell_earliest,
        COALESCE(m.stated_latest, s.latest) AS cell_latest,
        CASE WHEN m.stance_id IS NULL THEN 'silent' ELSE m.level_name END AS cell_level,
        COALESCE(s.silent, 0) AS times_silent,
        m.*
    FROM standing m
    FULL JOIN last_silences s
        ON s.period = m.period AND s.actor_id = m.actor_id AND s.issue_id = m.issue_id
)

SELECT
    t.period, t.last_day AS on_day, c.cell_actor AS actor_id, c.cell_name AS actor_name, c.iso3, c.cow,
    c.gw, c.governs_iso3, c.cell_issue AS issue_id, c.level, c.cell_level AS level_name, c.level_min,
    c.level_max, c.cell_on AS stated_on, c.date_kind, c.cell_earliest AS stated_earliest,
    c.cell_latest AS stated_latest, c.event_id, c.attribution, c.confidence, c.own, c.contested,
    c.mixed, c.document_count, c.stance_id, c.summary, COALESCE(i.kind, 'words') AS kind, c.act,
    c.speaker_id, c.target_id, c.conditional, c.conditions, c.aspects, c.joint_size, c.document_id,
    c.publisher, c.published_on, c.url, c.age_days, COALESCE(c.observed, FALSE) AS observed,
    q.coverage_from, q.coverage_to, q.coverage_from <= t.last_day AND t.last_day <= q.coverage_to AS covered,
    c.times_silent AS silent
FROM cells c
JOIN periods t ON t.period = c.cell_period
LEFT JOIN issues i ON i.issue_id = c.cell_issue
CROSS JOIN parameters q
WHERE q.max_age IS NULL OR c.age_days IS NULL OR c.age_days <= q.max_age
ORDER BY t.period, c.cell_actor, c.cell_issue
