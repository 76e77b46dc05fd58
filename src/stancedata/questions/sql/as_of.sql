-- As of: the position that each holder last had on record on each issue, at the end of each period.
--
-- A position counts from the day that `dated` gives, until its holder ceases to exist. Among those
-- that count, the one with the latest ranking day is chosen; ties are broken by the earlier end, then
-- the holder's own words, then the level furthest from zero. `age_days` counts from the ranking day;
-- `observed` is true if the position was stated within the period. For many periods, `panel` gives
-- the same answer faster.
-- Tables: dated (the query of that name), actors, periods (period, first_day, last_day), calendar (a
-- number for every day), parameters (actor_id, issue_id, max_age; null for all).

WITH counting AS (
    SELECT
        p.actor_id, p.issue_id, p.stance_id, p.stated_latest, p.own, p.level,
        t.period, t.first_day, t.last_day, today.number AS today,
        CASE WHEN p.ranks_by < t.last_day THEN c.number ELSE today.number END AS rank_number
    FROM dated p
    JOIN actors a ON a.actor_id = p.actor_id
    JOIN periods t ON t.last_day >= p.counts_from
    JOIN calendar c ON c.day = p.ranks_by
    JOIN calendar today ON today.day = t.last_day
    CROSS JOIN parameters q
    WHERE (a.valid_to IS NULL OR a.valid_to >= t.last_day)
        AND (q.actor_id IS NULL OR q.actor_id = p.actor_id)
        AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
),

best AS (
    SELECT
        actor_id, issue_id, period, first_day, last_day, today,
        MIN_BY(stance_id, (
            -rank_number, stated_latest, CASE WHEN own THEN 0 ELSE 1 END, -COALESCE(ABS(level), -1), stance_id
        )) AS stance_id,
        today - MAX(rank_number) AS age_days
    FROM counting
    GROUP BY actor_id, issue_id, period, first_day, last_day, today
)

SELECT
    b.period, b.last_day AS on_day, p.actor_id, p.actor_name, p.iso3, p.cow, p.gw, p.governs_iso3,
    p.issue_id, p.level, p.level_name, p.level_min, p.level_max, p.stated_on, p.date_kind,
    p.stated_earliest, p.stated_latest, p.event_id, p.attribution, p.confidence, p.own, p.contested,
    p.mixed, p.document_count, p.stance_id, p.summary, b.age_days,
    p.stated_latest >= b.first_day AS observed  -- it counts, so it began by the last day
FROM best b
JOIN dated p ON p.actor_id = b.actor_id AND p.issue_id = b.issue_id AND p.stance_id = b.stance_id
CROSS JOIN parameters q
WHERE q.max_age IS NULL OR q.max_age >= b.age_days
ORDER BY b.period, p.actor_id, p.issue_id
