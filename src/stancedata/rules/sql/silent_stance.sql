-- A speaker listed as silent at an event has neither a stance nor a document there.
-- severity: error
-- message: is listed as silent, got {value}, but has {other}; remove it from the list
-- since: 2

WITH said AS (
    SELECT l.coverage_id, l.position, l.actor_id, l.event_id, s.stance_id AS found
    FROM silent_speakers l
    JOIN stances s ON s.event_id = l.event_id
    JOIN holders h ON h.stance_id = s.stance_id AND h.actor_id = l.actor_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party'
        AND s.quantifier IS NULL AND (d.status IS NULL OR d.status <> 'withdrawn')
    UNION ALL
    SELECT l.coverage_id, l.position, l.actor_id, l.event_id, d.document_id AS found
    FROM silent_speakers l
    JOIN documents d ON d.event_id = l.event_id
    JOIN document_authors a ON a.document_id = d.document_id AND a.actor_id = l.actor_id
    WHERE d.status IS NULL OR d.status <> 'withdrawn'
)

SELECT 'coverage' AS kind, coverage_id AS record_id, 'silent[' || CAST(MIN(position) - 1 AS STRING) || ']' AS field,
    actor_id || ' at ' || event_id AS value, MIN(found) AS other
FROM said
GROUP BY coverage_id, actor_id, event_id
