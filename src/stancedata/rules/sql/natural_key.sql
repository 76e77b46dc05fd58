-- Within a document each holder, issue, speaker, ascriber, event and date occurs once.
-- severity: error
-- message: repeats a stance, got {value} again after {other}; make them one stance with several spans
-- blind: true
-- across: true

SELECT 'stance' AS kind, k.stance_id AS record_id, '' AS field, k.actor_id || ' on ' || k.issue_id AS value, k.first_id AS other
FROM (
    SELECT s.stance_id, s.issue_id, h.actor_id,
        MIN(s.stance_id) OVER (
            PARTITION BY s.document_id, h.actor_id, s.issue_id, s.speaker_id, s.attributed_by_id,
                s.event_id, s.stated_on, s.date_kind
        ) AS first_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
) k
WHERE k.first_id <> k.stance_id
