-- As of a day: what each holder was last on record with, on each issue.
--
-- A position counts from the last day that it can mean; a lasting one from its first. It lapses
-- with its holder. Among those that count, the one that wins has the latest day of rank (its own
-- day; of an uncertain date the first; of a lasting one the last, but no later than the day asked
-- for), then the earlier end, then the holder's own words, then the level furthest from zero.
-- Tables: positions, actors, parameters (on_day; actor_id and issue_id, null for all).

WITH counting AS (
    SELECT
        p.*,
        CASE
            WHEN p.date_kind <> 'lasting' THEN p.stated_earliest
            WHEN p.stated_latest < q.on_day THEN p.stated_latest
            ELSE q.on_day
        END AS rank_day
    FROM positions p
    JOIN actors a ON a.actor_id = p.actor_id
    CROSS JOIN parameters q
    WHERE CASE WHEN p.date_kind = 'lasting' THEN p.stated_earliest ELSE p.stated_latest END <= q.on_day
        AND (a.valid_to IS NULL OR a.valid_to >= q.on_day)
        AND (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

ranked AS (
    SELECT
        c.*,
        ROW_NUMBER() OVER (
            PARTITION BY c.actor_id, c.issue_id
            ORDER BY c.rank_day DESC, c.stated_latest ASC, c.own DESC,
                ABS(c.level) DESC NULLS LAST, c.stance_id ASC
        ) AS place
    FROM counting c
)

SELECT
    actor_id, actor_name, iso3, cow, gw, governs_iso3, issue_id, level, level_name, level_min,
    level_max, stated_on, date_kind, stated_earliest, stated_latest, event_id, attribution,
    confidence, own, contested, mixed, document_count, stance_id, summary
FROM ranked
WHERE place = 1
ORDER BY actor_id, issue_id
