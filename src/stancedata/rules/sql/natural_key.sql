-- Within a document, no two stances share holders, issue, speaker, attribution, event, target and date, unless their aspects tell them apart.
-- severity: error
-- message: repeats a stance, got {value} again after {other}; make them one stance with several spans
-- blind: true

WITH ascribed AS (
    SELECT stance_id, COUNT(*) AS ascribers FROM ascribers GROUP BY stance_id
),

held AS (
    SELECT stance_id, COUNT(DISTINCT actor_id) AS holders, MIN(actor_id) AS actor_id
    FROM holders
    GROUP BY stance_id
),

keyed AS (
    SELECT s.stance_id, s.document_id, s.issue_id, s.speaker_id, s.attributed_by_id, s.event_id, s.target_id,
        s.stated_on, s.date_kind, h.holders, h.actor_id, a.ascribers
    FROM stances s
    JOIN held h ON h.stance_id = s.stance_id
    LEFT JOIN ascribed a ON a.stance_id = s.stance_id
),

-- Pairs that share all but the holders, which are compared next.
alike AS (
    SELECT k.stance_id, k.issue_id, k.holders, k.actor_id, o.stance_id AS other_id
    FROM keyed k
    JOIN keyed o ON o.document_id = k.document_id AND o.issue_id = k.issue_id
        AND o.stated_on = k.stated_on AND o.date_kind = k.date_kind AND o.holders = k.holders
        AND o.actor_id = k.actor_id AND o.speaker_id IS NOT DISTINCT FROM k.speaker_id
        AND o.attributed_by_id IS NOT DISTINCT FROM k.attributed_by_id
        AND o.ascribers IS NOT DISTINCT FROM k.ascribers
        AND o.event_id IS NOT DISTINCT FROM k.event_id AND o.target_id IS NOT DISTINCT FROM k.target_id
    WHERE o.stance_id < k.stance_id
),

-- Two stances with equally many holders have the same ones if together they have no more.
repeated AS (
    SELECT b.stance_id, b.issue_id, b.actor_id, b.other_id
    FROM (
        SELECT p.*, h.actor_id AS holder_id FROM alike p JOIN holders h ON h.stance_id = p.stance_id
        UNION ALL
        SELECT p.*, h.actor_id AS holder_id FROM alike p JOIN holders h ON h.stance_id = p.other_id
    ) b
    GROUP BY b.stance_id, b.issue_id, b.actor_id, b.other_id, b.holders
    HAVING COUNT(DISTINCT b.holder_id) = b.holders
),

shared AS (
    SELECT r.stance_id, r.other_id
    FROM repeated r
    JOIN stance_aspects a ON a.stance_id = r.stance_id
    JOIN stance_aspects o ON o.stance_id = r.other_id AND o.aspect = a.aspect
)

SELECT 'stance' AS kind, r.stance_id AS record_id, '' AS field, r.actor_id || ' on ' || r.issue_id AS value,
    MIN(r.other_id) AS other
FROM repeated r
WHERE NOT EXISTS (SELECT 1 FROM stance_aspects a WHERE a.stance_id = r.stance_id)
    OR NOT EXISTS (SELECT 1 FROM stance_aspects a WHERE a.stance_id = r.other_id)
    OR EXISTS (SELECT 1 FROM shared h WHERE h.stance_id = r.stance_id AND h.other_id = r.other_id)
GROUP BY r.stance_id, r.actor_id, r.issue_id
