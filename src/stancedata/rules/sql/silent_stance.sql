-- A speaker listed as silent at an event has neither a stance nor a document there.
-- severity: error
-- message: is listed as silent, got {value}, but has {other}; remove it from the list
-- since: 2

WITH said AS (
    SELECT s.event_id, h.actor_id, s.stance_id AS found
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE s.event_id IS NOT NULL AND h.role = 'party' AND s.attribution <> 'third_party'
        AND s.quantifier IS NULL AND COALESCE(d.status, '') <> 'withdrawn'
    UNION ALL
    SELECT d.event_id, a.actor_id, d.document_id AS found
    FROM documents d
    JOIN document_authors a ON a.document_id = d.document_id
    WHERE d.event_id IS NOT NULL AND COALESCE(d.status, '') <> 'withdrawn'
)

SELECT 'coverage' AS kind, l.coverage_id AS record_id, 'silent[' || CAST(MIN(l.position) - 1 AS STRING) || ']' AS field,
    l.actor_id || ' at ' || l.event_id AS value, MIN(t.found) AS other
FROM silent_speakers l
JOIN said t ON t.event_id = l.event_id AND t.actor_id = l.actor_id
GROUP BY l.coverage_id, l.actor_id, l.event_id
