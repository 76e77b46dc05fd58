-- Contradictions: documents that give one holder, issue and occasion different levels.
--
-- One row for each stance of such an occasion. `contested` is true if the documents are on different
-- sides: minus, zero, plus.
-- With a day, only occasions that count by that day are included.
-- Tables: counted (the query of that name), actors, stances, parameters (actor_id, issue_id, on_day; null for
-- all).

WITH occasions AS (
    SELECT
        actor_id, issue_id, date_kind, earliest, latest,
        COUNT(DISTINCT side) AS sides
    FROM counted
    GROUP BY actor_id, issue_id, date_kind, earliest, latest
)

SELECT
    c.actor_id, a.name AS actor_name, c.issue_id, c.stated_on, c.date_kind,
    c.earliest AS stated_earliest, c.latest AS stated_latest,
    o.sides > 1 AS contested,
    c.document_id, c.level, c.level_name, c.attribution, c.confidence, c.own, c.stance_id, s.summary
FROM counted c
JOIN occasions o
    ON o.actor_id = c.actor_id AND o.issue_id = c.issue_id AND o.date_kind = c.date_kind
    AND o.earliest = c.earliest AND o.latest = c.latest
JOIN actors a ON a.actor_id = c.actor_id
JOIN stances s ON s.stance_id = c.stance_id
CROSS JOIN parameters q
WHERE EXISTS (
        SELECT 1 FROM counted t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest
            AND t.document_id <> c.document_id AND t.level <> c.level
    )
    AND (q.actor_id IS NULL OR q.actor_id = c.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = c.issue_id)
    AND (q.on_day IS NULL OR q.on_day >= c.counts_from)
ORDER BY c.actor_id, c.issue_id, c.earliest, c.latest, c.date_kind, c.document_id, c.stance_id
