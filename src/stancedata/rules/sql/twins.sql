-- Two documents' stances of one holder on one issue and day name one event, unless events, speakers or texts tell them apart.
-- severity: warning
-- message: may be one utterance with {other}, got {value}; name one event in both, or exempt it with the reason
-- since: 2

-- Dates that span two calendar months are too wide to tell. Two utterances are: two events; a step down and
-- a rung; words of two speakers, but not a deed, for which two persons may be named; and the own texts of
-- different numbers of holders, since a joint text has one list of them.
WITH counted AS (
    SELECT s.stance_id, s.document_id, s.issue_id, h.actor_id, s.event_id, s.stated_on, s.stated_earliest,
        s.stated_latest, s.act = 'ends' AS ends, s.attribution = 'direct' AS direct,
        12 * EXTRACT(YEAR FROM s.stated_latest) + EXTRACT(MONTH FROM s.stated_latest) AS in_month,
        CASE WHEN s.act NOT IN ('does', 'ends') THEN s.speaker_id END AS speaker_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.date_kind <> 'lasting'
        AND s.quantifier IS NULL
        AND EXTRACT(YEAR FROM s.stated_earliest) = EXTRACT(YEAR FROM s.stated_latest)
        AND EXTRACT(MONTH FROM s.stated_earliest) = EXTRACT(MONTH FROM s.stated_latest)
),

wide AS (
    SELECT c.* FROM counted c WHERE c.stated_earliest < c.stated_latest
),

-- Nearly all dates are days: two overlap if they are equal. Only wide ones are compared with their month.
pairs AS (
    SELECT s.stance_id, s.document_id, s.stated_on, o.stance_id AS other, o.document_id AS other_document,
        s.direct AND o.direct AS direct
    FROM counted s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.ends = s.ends
        AND o.stated_earliest = s.stated_earliest AND o.stated_latest = s.stated_latest
    WHERE o.stance_id < s.stance_id AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
    UNION ALL
    SELECT s.stance_id, s.document_id, s.stated_on, o.stance_id AS other, o.document_id AS other_document,
        s.direct AND o.direct AS direct
    FROM wide s
    JOIN counted o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.ends = s.ends AND o.in_month = s.in_month
    WHERE o.stance_id < s.stance_id AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
        AND o.stated_earliest <= s.stated_latest AND s.stated_earliest <= o.stated_latest
    UNION ALL
    SELECT s.stance_id, s.document_id, s.stated_on, o.stance_id AS other, o.document_id AS other_document,
        s.direct AND o.direct AS direct
    FROM counted s
    JOIN wide o ON o.actor_id = s.actor_id AND o.issue_id = s.issue_id AND o.ends = s.ends AND o.in_month = s.in_month
    WHERE o.stance_id < s.stance_id AND (s.event_id IS NULL OR o.event_id IS NULL)
        AND (s.speaker_id IS NULL OR o.speaker_id IS NULL OR s.speaker_id = o.speaker_id)
        AND o.stated_earliest <= s.stated_latest AND s.stated_earliest <= o.stated_latest
),

sizes AS (
    SELECT h.stance_id, COUNT(*) AS holders
    FROM holders h
    WHERE h.stance_id IN (SELECT stance_id FROM pairs UNION ALL SELECT other FROM pairs)
    GROUP BY h.stance_id
)

SELECT 'stance' AS kind, p.stance_id AS record_id, 'event' AS field, p.stated_on AS value,
    MIN(p.other) AS other
FROM pairs p
JOIN documents d ON d.document_id = p.document_id
JOIN documents e ON e.document_id = p.other_document
JOIN sizes n ON n.stance_id = p.stance_id
JOIN sizes m ON m.stance_id = p.other
WHERE d.origin_id <> e.origin_id
    AND COALESCE(d.status, '') <> 'withdrawn' AND COALESCE(e.status, '') <> 'withdrawn'
    AND (n.holders = 1) = (m.holders = 1) AND (NOT p.direct OR n.holders = m.holders)
GROUP BY p.stance_id, p.stated_on
