-- Counted: the stances that make up positions, one row per holder, each with its occasion.
--
-- Stances count for holders that are parties to them, unless only a third party attributes them, a
-- quantifier limits them or their document was withdrawn; `not_counted` gives the reasons. Stances
-- without a day of their own take the dates of their event, if it lasted up to three days.
-- Tables: stances, holders, issues, events, documents, vocabulary, calendar (a number for every day
-- on which an event begins or ends).

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
),

dated_stances AS (
    SELECT
        s.*,
        COALESCE(e.held_kind, s.date_kind) AS kind_of_date,
        COALESCE(e.held_earliest, s.stated_earliest) AS earliest,
        COALESCE(e.held_latest, s.stated_latest) AS latest,
        COALESCE(e.held_on, s.stated_on) AS occasion
    FROM stances s
    LEFT JOIN short_events e ON e.event_id = s.event_id AND s.date_kind <> 'day'
)

SELECT
    h.actor_id,
    s.issue_id,
    COALESCE(i.kind, 'words') AS kind,
    s.kind_of_date AS date_kind,
    s.earliest,
    s.latest,
    s.occasion AS stated_on,
    CASE WHEN s.kind_of_date = 'lasting' THEN s.earliest ELSE s.latest END AS counts_from, -- as in `dated`
    s.stance_id,
    s.document_id,
    d.origin_id,
    s.event_id,
    s.target_id,
    s.attribution,
    COALESCE(a.rank, 99) AS attribution_rank,
    s.confidence,
    COALESCE(c.rank, 99) AS confidence_rank,
    s.level,
    s.level_name,
    n.holders = 1 AS own,
    CAST(n.holders AS INT) AS joint_size,
    -- A rung of a ladder of deeds, and a step down, is an occasion of its own.
    CASE WHEN i.kind = 'deeds' THEN COALESCE(CAST(s.level AS BIGINT), -2147483649) ELSE 0 END AS rung,
    COALESCE(i.kind, 'words') = 'deeds' AND s.act = 'ends' AS step_down,
    CASE WHEN s.level > 0 THEN 1 WHEN s.level < 0 THEN -1 WHEN s.level = 0 THEN 0 ELSE NULL END AS side
FROM dated_stances s
JOIN holders h ON h.stance_id = s.stance_id
JOIN holder_counts n ON n.stance_id = s.stance_id
JOIN documents d ON d.document_id = s.document_id
LEFT JOIN issues i ON i.issue_id = s.issue_id
LEFT JOIN attribution_rank a ON a.value = s.attribution
LEFT JOIN confidence_rank c ON c.value = s.confidence
WHERE h.role = 'party'
    AND s.attribution <> 'third_party'
    AND s.quantifier IS NULL
    AND COALESCE(d.status, '') <> 'withdrawn'
