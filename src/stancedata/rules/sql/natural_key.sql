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
    SELECT s.stance_id, s.document_id, s.issue_id, s.stated_on, s.date_kind, h.holders, h.actor_id,
        COALESCE(s.speaker_id, '') AS speaker_id, COALESCE(s.attributed_by_id, '') AS attributed_by_id,
        COALESCE(a.ascribers, 0) AS ascribers, COALESCE(s.event_id, '') AS event_id,
        COALESCE(s.target_id, '') AS target_id
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
        AND o.actor_id = k.actor_id AND o.speaker_id = k.speaker_id
        AND o.attributed_by_id = k.attributed_by_id AND o.ascribers = k.ascribers
        AND o.event_id = k.event_id AND o.target_id = k.target_id
    WHERE o.stance_id < k.stance_id
),

repeated AS (
    SELECT p.stance_id, p.issue_id, p.actor_id, p.other_id
    FROM alike p
    JOIN holders h ON h.stance_id = p.stance_id
    JOIN holders o ON o.stance_id = p.other_id AND o.actor_id = h.actor_id
    GROUP BY p.stance_id, p.issue_id, p.actor_id, p.other_id, p.holders
    HAVING COUNT(DISTINCT h.actor_id) = p.holders
)

SELECT 'stance' AS kind, r.stance_id AS record_id, '' AS field, r.actor_id || ' on ' || r.issue_id AS value,
    MIN(r.other_id) AS other
FROM repeated r
WHERE NOT EXISTS (SELECT 1 FROM stance_aspects a WHERE a.stance_id = r.stance_id)
    OR NOT EXISTS (SELECT 1 FROM stance_aspects a WHERE a.stance_id = r.other_id)
    OR EXISTS (
        SELECT 1
        FROM stance_aspects a
        JOIN stance_aspects o ON o.aspect = a.aspect
        WHERE a.stance_id = r.stance_id AND o.stance_id = r.other_id
    )
GROUP BY r.stance_id, r.actor_id, r.issue_id
