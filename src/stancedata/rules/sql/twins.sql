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
    SELECT s.stance_id, s.issue_id, h.actor_id, n.holders = 1 AS own, n.holders, d.origin_id, s.event_id,
        s.act = 'ends' AS ends, s.attribution = 'direct' AS direct, s.stated_on, s.stated_earliest, s.stated_latest,
        12 * EXTRACT(YEAR FROM s.stated_latest) + EXTRACT(MONTH FROM s.stated_latest) AS in_month,
        CASE WHEN s.act NOT IN ('does', 'ends') THEN s.speaker_id END AS speaker_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    JOIN sizes n ON n.stance_id = s.stance_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.date_kind <> 'lasting'
        AND s.quantifier IS NULL AND COALESCE(d.status, '') <> 'withdrawn'
        AND EXTRACT(YEAR FROM s.stated_earliest) = EXTRACT(YEAR FROM s.stated_latest)
        AND EXTRACT(MONTH FROM s.stated_earliest) = EXTRACT(MONTH FROM s.stated_latest)
),

wide AS (
    SELECT c.* FROM counted c WHERE c.stated_earliest < c.stated_latest
),

-- Nearly all dates are days: two overlap if they are equal. Only wide ones are compared with their month.
pairs AS (
    SELECT s.stance_id, s.stated_on, o.stance_id AS other
    FROM counted s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.own = s.own AND o.ends = s.ends
        AND o.stated_earliest = s.stated_earliest AND o.stated_latest = s.stated_latest
    WHERE o.stance_id < s.stance_id AND o.origin_id <> s.origin_id
        AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
        AND (NOT s.direct OR NOT o.direct OR s.holders = o.holders)
    UNION ALL
    SELECT s.stance_id, s.stated_on, o.stance_id AS other
    FROM wide s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.own = s.own AND o.ends = s.ends AND o.in_month = s.in_month
    WHERE o.stance_id < s.stance_id AND o.origin_id <> s.origin_id
        AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
        AND (NOT s.direct OR NOT o.direct OR s.holders = o.holders)
        AND o.stated_earliest <= s.stated_latest AND s.stated_earliest <= o.stated_latest
    UNION ALL
    SELECT s.stance_id, s.stated_on, o.stance_id AS other
    FROM counted s
    JOIN wide o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.own = s.own AND o.ends = s.ends AND o.in_month = s.in_month
    WHERE o.stance_id < s.stance_id AND o.origin_id <> s.origin_id
        AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
        AND (NOT s.direct OR NOT o.direct OR s.holders = o.holders)
        AND o.stated_earliest <= s.stated_latest AND s.stated_earliest <= o.stated_latest
)

SELECT 'stance' AS kind, stance_id AS record_id, 'event' AS field, stated_on AS value, MIN(other) AS other
FROM pairs
GROUP BY stance_id, stated_on
