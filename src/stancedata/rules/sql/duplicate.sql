-- No list contains an item twice.
-- severity: error
-- message: is listed twice, got {value!r} again; keep one
-- blind: true

WITH silent AS (
    SELECT 'actor' AS kind, a.actor_id AS record_id FROM actors a
    UNION ALL
    SELECT 'event' AS kind, e.event_id AS record_id FROM events e
    UNION ALL
    SELECT 'document' AS kind, d.document_id AS record_id FROM documents d
    UNION ALL
    SELECT 'stance' AS kind, s.stance_id AS record_id FROM stances s
    UNION ALL
    SELECT 'blind' AS kind, b.coder || '/' || b.stance_id AS record_id FROM second_stances b
),

silenced_twice AS (
    SELECT record_id, rule
    FROM (SELECT record_id, rule FROM silences UNION ALL SELECT record_id, rule FROM exemptions) w
    GROUP BY record_id, rule
    HAVING COUNT(*) > 1
)

SELECT 'actor' AS kind, actor_id AS record_id, 'names' AS field, name AS value, '' AS other
FROM actor_names
GROUP BY actor_id, name
HAVING COUNT(*) > 1
UNION ALL
SELECT 'actor' AS kind, actor_id AS record_id, 'codes' AS field, scheme || ' ' || code AS value, '' AS other
FROM actor_codes
GROUP BY actor_id, scheme, code
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'holders' AS field, actor_id AS value, '' AS other
FROM holders
GROUP BY stance_id, actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'aspects' AS field, aspect AS value, '' AS other
FROM stance_aspects
GROUP BY stance_id, aspect
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, issue_id || ' ' || level_name AS value, '' AS other
FROM levels
GROUP BY issue_id, level_name
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, issue_id || ' ' || aspect AS value, '' AS other
FROM aspects
GROUP BY issue_id, aspect
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'vocabulary' AS field, field || ' ' || value AS value, '' AS other
FROM vocabulary
GROUP BY field, value
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field, issue_id AS value, '' AS other
FROM issues
GROUP BY issue_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'actor' AS kind, actor_id AS record_id, '' AS field, actor_id AS value, '' AS other
FROM actors
GROUP BY actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'event' AS kind, event_id AS record_id, '' AS field, event_id AS value, '' AS other
FROM events
GROUP BY event_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'document' AS kind, document_id AS record_id, '' AS field, document_id AS value, '' AS other
FROM documents
GROUP BY document_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, '' AS field, stance_id AS value, '' AS other
FROM stances
GROUP BY stance_id
HAVING COUNT(*) > 1
UNION ALL
SELECT r.kind AS kind, t.record_id AS record_id, 'exemptions' AS field, t.rule AS value, '' AS other
FROM silenced_twice t
JOIN silent r ON r.record_id = t.record_id
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'evidence' AS field, '[' || CAST(span_start AS STRING) || ', ' || CAST(span_end AS STRING) || ']' AS value, '' AS other
FROM evidence
WHERE span_start IS NOT NULL
GROUP BY stance_id, span_start, span_end
HAVING COUNT(*) > 1
