-- Only a text by its parties, by the speaker, or by the meeting has direct stances.
-- severity: error
-- message: is direct in a document by someone else, got {value}; code it as quoted, or name the holders in the document's authors
-- since: 2
-- blind: true

WITH authors AS (
    SELECT document_id, MIN(actor_id) AS actor_id FROM document_authors GROUP BY document_id
),

-- Stances with a party that is not among the authors.
others AS (
    SELECT s.stance_id, s.document_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    LEFT JOIN document_authors a ON a.document_id = s.document_id AND a.actor_id = h.actor_id
    WHERE s.attribution = 'direct' AND h.role = 'party' AND a.actor_id IS NULL
)

SELECT 'stance' AS kind, s.stance_id AS record_id, 'attribution' AS field,
    COALESCE(f.actor_id, 'no authors') AS value, '' AS other
FROM stances s
JOIN documents d ON d.document_id = s.document_id
LEFT JOIN authors f ON f.document_id = s.document_id
WHERE s.attribution = 'direct'
    AND EXISTS (
        SELECT 1 FROM others o WHERE o.stance_id = s.stance_id AND o.document_id = s.document_id
    )
    AND NOT EXISTS (
        SELECT 1 FROM document_authors a
        WHERE a.document_id = s.document_id AND a.actor_id = s.speaker_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM document_authors a
        JOIN actors x ON x.actor_id = a.actor_id
        WHERE a.document_id = s.document_id AND d.event_id = s.event_id
            AND x.kind IN ('meeting', 'organisation')
    )
