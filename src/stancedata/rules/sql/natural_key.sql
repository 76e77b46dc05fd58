-- Within a document, no two stances share holder, issue, speaker, attributing actor, event, target and date.
-- severity: error
-- message: repeats a stance, got {value} again after {other}; make them one stance with several spans
-- blind: true

-- For speed, compare only holders with several stances on an issue in one document; few have.
WITH several AS (
    SELECT s.document_id, s.issue_id, h.actor_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    GROUP BY s.document_id, s.issue_id, h.actor_id
    HAVING COUNT(*) > 1
)

SELECT 'stance' AS kind, k.stance_id AS record_id, '' AS field, k.actor_id || ' on ' || k.issue_id AS value, k.first_id AS other
FROM (
    SELECT s.stance_id, s.issue_id, h.actor_id,
        MIN(s.stance_id) OVER (
            PARTITION BY s.document_id, h.actor_id, s.issue_id, s.speaker_id, s.attributed_by_id,
                s.event_id, s.target_id, s.stated_on, s.date_kind
        ) AS first_id
    FROM several v
    JOIN stances s ON s.document_id = v.document_id AND s.issue_id = v.issue_id
    JOIN holders h ON h.stance_id = s.stance_id AND h.actor_id = v.actor_id
) k
WHERE k.first_id <> k.stance_id
