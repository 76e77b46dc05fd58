-- Counted: the stances that make up positions, one row per holder, each with its occasion.
--
-- Stances count for holders that are parties to them, unless only a third party attributes them or a
-- quantifier limits them; `not_counted` gives the reasons. Stances made at an event of up to three
-- days take the event's dates.
-- Tables: stances, holders, events, documents, vocabulary, calendar (a number for every day on
-- which an event begins or ends).

WITH attribution_rank AS (
    SELECT value, rank FROM vocabulary WHERE field = 'attribution'
),

confidence_rank AS (
    SELECT value, rank FROM vocabulary WHERE field = 'confidence'
),

short_events AS (
    SELECT e.event_id, e.held_on, e.held_kind, e.held_earliest, e.held_latest
    FROM events e
    JOIN calendar first_day ON first_day.day = e.held_earliest
    JOIN calendar last_day ON last_day.day = e.held_latest
    WHERE last_day.number - first_day.number < 3
),

holder_counts AS (
    SELECT stance_id, COUNT(*) AS holders FROM holders GROUP BY stance_id
)

SELECT
    h.actor_id,
    s.issue_id,
    COALESCE(e.held_kind, s.date_kind) AS date_kind,
    COALESCE(e.held_earliest, s.stated_earliest) AS earliest,
    COALESCE(e.held_latest, s.stated_latest) AS latest,
    COALESCE(e.held_on, s.stated_on) AS stated_on,
    CASE
        WHEN COALESCE(e.held_kind, s.date_kind) = 'lasting' THEN COALESCE(e.held_earliest, s.stated_earliest)
        ELSE COALESCE(e.held_latest, s.stated_latest)
    END AS counts_from, -- the same day as in `dated`
    s.stance_id,
    s.event_id,
    s.attribution,
    s.confidence,
    s.level,
    s.level_name,
    s.summary,
    s.document_id,
    d.origin_id,
    COALESCE(a.rank, 99) AS attribution_rank,
    COALESCE(c.rank, 99) AS confidence_rank,
    n.holders = 1 AS own,
    CASE WHEN s.level > 0 THEN 1 WHEN s.level < 0 THEN -1 WHEN s.level = 0 THEN 0 ELSE NULL END AS side
FROM stances s
JOIN holders h ON h.stance_id = s.stance_id
JOIN holder_counts n ON n.stance_id = s.stance_id
JOIN documents d ON d.document_id = s.document_id
LEFT JOIN short_events e ON e.event_id = s.event_id
LEFT JOIN attribution_rank a ON a.value = s.attribution
LEFT JOIN confidence_rank c ON c.value = s.confidence
WHERE h.role = 'party'
    AND s.attribution <> 'third_party'
    AND s.quantifier IS NULL
