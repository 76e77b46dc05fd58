-- Contradictions: documents on one utterance that put a holder on different sides, or two levels apart.
--
-- An utterance is an event; a copy is not a second document. Joint statements are not put beside
-- own ones, nor one day beside another, nor a step down beside a rung, nor two different targets.
-- One row for each stance. `opposed_to` is one that it contradicts, on another side (minus, zero, plus)
-- if there is one, which `contested` says. With a day, both count by that day.
-- Tables: counted (the query of that name), actors, stances, parameters (actor_id, issue_id, on_day;
-- null for all).

WITH known AS (
    SELECT c.*
    FROM counted c
    CROSS JOIN parameters q
    WHERE c.event_id IS NOT NULL AND c.level IS NOT NULL
        AND (q.actor_id IS NULL OR q.actor_id = c.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = c.issue_id)
        AND (q.on_day IS NULL OR q.on_day >= c.counts_from)
),

opposed AS (
    SELECT
        x.actor_id, x.stance_id, MAX(CASE WHEN x.side <> y.side THEN 1 ELSE 0 END) = 1 AS contested,
        MIN_BY(y.stance_id, (CASE WHEN x.side <> y.side THEN 0 ELSE 1 END, y.stance_id)) AS opposed_to
    FROM known x
    JOIN known y ON y.actor_id = x.actor_id AND y.issue_id = x.issue_id AND y.event_id = x.event_id
        AND y.own = x.own AND y.step_down = x.step_down
    WHERE x.origin_id <> y.origin_id
        AND x.earliest <= y.latest AND y.earliest <= x.latest
        AND (x.target_id IS NULL OR y.target_id IS NULL OR x.target_id = y.target_id)
        AND (x.side <> y.side OR ABS(CAST(x.level AS BIGINT) - y.level) >= 2)
    GROUP BY x.actor_id, x.stance_id
)

SELECT
    k.actor_id, a.name AS actor_name, k.issue_id, k.event_id, k.stated_on, k.date_kind,
    k.earliest AS stated_earliest, k.latest AS stated_latest, o.contested, k.document_id, k.level,
    k.level_name, k.attribution, k.confidence, k.own, k.stance_id, o.opposed_to, s.summary
FROM known k
JOIN opposed o ON o.actor_id = k.actor_id AND o.stance_id = k.stance_id
JOIN actors a ON a.actor_id = k.actor_id
JOIN stances s ON s.stance_id = k.stance_id
ORDER BY k.actor_id, k.issue_id, k.earliest, k.latest, k.date_kind, k.document_id, k.stance_id
