-- Two documents' stances of one holder on one issue and day name one event, unless events, speakers or texts tell them apart.
-- severity: warning
-- message: may be one utterance with {other}, got {value}; name one event in both, or exempt it with the reason
-- since: 2

-- Dates that span two calendar months are too wide to tell. Two utterances are: two events; a step down and
-- a rung; words of two speakers, but not a deed, for which two persons may be named; and the own texts of
-- different numbers of holders, since a joint text has one list of them.
WITH sizes AS (
    SELECT stance_id, COUNT(*) AS holders FROM holders GROUP BY stance_id
),

counted AS (
    SELECT s.stance_id, s.issue_id, h.actor_id, n.holders = 1 AS own, d.origin_id, s.event_id, s.act = 'ends' AS ends,
        s.stated_on, s.stated_earliest, s.stated_latest, LAST_DAY(s.stated_earliest) AS month_end,
        CASE WHEN s.act NOT IN ('does', 'ends') THEN s.speaker_id END AS speaker_id,
        CASE WHEN s.attribution = 'direct' THEN n.holders END AS text_holders
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    JOIN sizes n ON n.stance_id = s.stance_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.date_kind <> 'lasting'
        AND s.quantifier IS NULL AND COALESCE(d.status, '') <> 'withdrawn'
        AND s.stated_latest <= LAST_DAY(s.stated_earliest)
),

wide AS (
    SELECT c.* FROM counted c WHERE c.stated_earliest < c.stated_latest
),

-- Nearly all dates are days. Two overlap if they begin on one day, or if one begins within the other, which is wide.
pairs AS (
    SELECT s.stance_id, s.stated_on, o.stance_id AS other
    FROM counted s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.own = s.own AND o.ends = s.ends
        AND o.stated_earliest = s.stated_earliest
    WHERE o.stance_id < s.stance_id AND o.origin_id <> s.origin_id
        AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND COALESCE(s.speaker_id = o.speaker_id, TRUE) AND COALESCE(s.text_holders = o.text_holders, TRUE)
    UNION ALL
    SELECT GREATEST(s.stance_id, o.stance_id) AS stance_id,
        CASE WHEN s.stance_id > o.stance_id THEN s.stated_on ELSE o.stated_on END AS stated_on,
        LEAST(s.stance_id, o.stance_id) AS other
    FROM wide s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.own = s.own AND o.ends = s.ends
        AND o.month_end = s.month_end
    WHERE o.stance_id <> s.stance_id AND o.origin_id <> s.origin_id
        AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND COALESCE(s.speaker_id = o.speaker_id, TRUE) AND COALESCE(s.text_holders = o.text_holders, TRUE)
        AND o.stated_earliest BETWEEN s.stated_earliest AND s.stated_latest
)

SELECT 'stance' AS kind, stance_id AS record_id, 'event' AS field, stated_on AS value, MIN(other) AS other
FROM pairs
GROUP BY stance_id, stated_on
