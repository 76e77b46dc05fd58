-- Shifts: each change of what stands of a holder on an issue, with both stances.
--
-- `kind` is `reversal` if the side changes (minus to plus or back), `softer` if the level comes nearer
-- to zero, `firmer` if it moves away, and `step` on an issue of deeds. With a day, what began to count
-- after it is left out.
-- Tables: spells (the query of that name, without positions that are ambiguous), actors, stances,
-- parameters (actor_id, issue_id, on_day; null for all).

WITH standing AS (
    SELECT
        s.*,
        a.name AS actor_name,
        LAG(s.level) OVER w AS level_before,
        LAG(s.level_name) OVER w AS level_name_before,
        LAG(s.stated_on) OVER w AS stated_on_before,
        LAG(s.earliest) OVER w AS earliest_before,
        LAG(s.latest) OVER w AS latest_before,
        LAG(s.stance_id) OVER w AS stance_id_before
    FROM spells s
    JOIN actors a ON a.actor_id = s.actor_id
    CROSS JOIN parameters q
    WHERE (a.valid_to IS NULL OR a.valid_to >= s.since)
        AND (q.actor_id IS NULL OR q.actor_id = s.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = s.issue_id)
        AND (q.on_day IS NULL OR q.on_day >= s.since)
    WINDOW w AS (PARTITION BY s.part, s.actor_id, s.issue_id ORDER BY s.since)
),

changes AS (
    SELECT
        s.*,
        CASE
            WHEN s.kind = 'deeds' THEN 'step'
            WHEN (s.level > 0 AND s.level_before < 0) OR (s.level < 0 AND s.level_before > 0) THEN 'reversal'
            WHEN ABS(CAST(s.level AS BIGINT)) < ABS(CAST(s.level_before AS BIGINT)) THEN 'softer'
            ELSE 'firmer'
        END AS movement
    FROM standing s
    WHERE s.level <> s.level_before
)

SELECT
    c.actor_id, c.actor_name, c.issue_id, c.movement AS kind,
    CASE WHEN c.part = 'all' THEN NULL ELSE c.part = 'own' END AS own,
    c.since AS shifted_on, c.level_before, c.level_name_before, c.level, c.level_name,
    c.level - c.level_before AS change, c.movement = 'reversal' AS reversal,
    c.stance_id_before, c.stated_on_before, c.earliest_before AS stated_earliest_before,
    c.latest_before AS stated_latest_before, x.document_id AS document_id_before,
    x.attribution AS attribution_before, x.confidence AS confidence_before, x.summary AS summary_before,
    c.stance_id, c.stated_on, c.earliest AS stated_earliest, c.latest AS stated_latest,
    y.document_id, y.attribution, y.confidence, y.summary
FROM changes c
JOIN stances x ON x.stance_id = c.stance_id_before
JOIN stances y ON y.stance_id = c.stance_id
ORDER BY c.actor_id, c.issue_id, c.part DESC, c.since
