-- As of each period's last day: what each holder was last on record with, on each issue.
--
-- A position counts from the last day that it can mean; a lasting one from its first. It lapses
-- with its holder. Among those that count, the one that wins has the latest day of rank (its own
-- day; of an uncertain date the first; of a lasting one the last, but no later than the day asked
-- for), then the earlier end, then the holder's own words, then the level furthest from zero.
-- `age_days` runs from the day of rank; `observed` says that it was stated in the period.
-- Tables: positions, actors, periods (period, first_day, last_day), calendar (a number for every
-- day), parameters (actor_id, issue_id, max_age; null for all).

WITH counting AS (
    SELECT
        p.*,
        t.period,
        t.last_day AS on_day,
        p.stated_latest >= t.first_day AS observed,  -- what counts began by the last day
        CASE
            WHEN p.date_kind <> 'lasting' THEN p.stated_earliest
            WHEN p.stated_latest < t.last_day THEN p.stated_latest
            ELSE t.last_day
        END AS rank_day
    FROM positions p
    JOIN actors a ON a.actor_id = p.actor_id
    CROSS JOIN periods t
    CROSS JOIN parameters q
    WHERE CASE WHEN p.date_kind = 'lasting' THEN p.stated_earliest ELSE p.stated_latest END <= t.last_day
        AND (a.valid_to IS NULL OR a.valid_to >= t.last_day)
        AND (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

ranked AS (
    SELECT
        c.*,
        ROW_NUMBER() OVER (
            PARTITION BY c.period, c.actor_id, c.issue_id
            ORDER BY c.rank_day DESC, c.stated_latest ASC, c.own DESC,
                ABS(c.level) DESC NULLS LAST, c.stance_id ASC
        ) AS place
    FROM counting c
)

SELECT
    r.period, r.on_day, r.actor_id, r.actor_name, r.iso3, r.cow, r.gw, r.governs_iso3, r.issue_id,
    r.level, r.level_name, r.level_min, r.level_max, r.stated_on, r.date_kind, r.stated_earliest,
    r.stated_latest, r.event_id, r.attribution, r.confidence, r.own, r.contested, r.mixed,
    r.document_count, r.stance_id, r.summary, today.number - then_day.number AS age_days, r.observed
FROM ranked r
JOIN calendar today ON today.day = r.on_day
JOIN calendar then_day ON then_day.day = r.rank_day
CROSS JOIN parameters q
WHERE r.place = 1 AND (q.max_age IS NULL OR today.number - then_day.number <= q.max_age)
ORDER BY r.period, r.actor_id, r.issue_id
