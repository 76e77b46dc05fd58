-- No list contains an item twice.
-- severity: error
-- message: is listed twice, got {value!r} again; keep one
-- blind: true

-- A name or a code may hold in several spells, but only once on any day.
SELECT DISTINCT 'actor' AS kind, n.actor_id AS record_id, 'names[' || CAST(n.position - 1 AS STRING) || ']' AS field, n.name AS value, '' AS other
FROM (SELECT actor_id, name, position, valid_from, valid_to, ROW_NUMBER() OVER (PARTITION BY actor_id, name ORDER BY position, valid_from, valid_to) AS occurrence FROM actor_names) n
JOIN (SELECT actor_id, name, position, valid_from, valid_to, ROW_NUMBER() OVER (PARTITION BY actor_id, name ORDER BY position, valid_from, valid_to) AS occurrence FROM actor_names) o
    ON o.actor_id = n.actor_id AND o.name = n.name
WHERE o.occurrence < n.occurrence
    AND (n.valid_from IS NULL OR o.valid_to IS NULL OR n.valid_from <= o.valid_to)
    AND (o.valid_from IS NULL OR n.valid_to IS NULL OR o.valid_from <= n.valid_to)
UNION ALL
SELECT DISTINCT 'actor' AS kind, n.actor_id AS record_id, 'codes[' || CAST(n.position - 1 AS STRING) || ']' AS field, n.scheme || ' ' || n.code AS value, '' AS other
FROM (SELECT actor_id, scheme, code, position, valid_from, valid_to, ROW_NUMBER() OVER (PARTITION BY actor_id, scheme, code ORDER BY position, valid_from, valid_to) AS occurrence FROM actor_codes) n
JOIN (SELECT actor_id, scheme, code, position, valid_from, valid_to, ROW_NUMBER() OVER (PARTITION BY actor_id, scheme, code ORDER BY position, valid_from, valid_to) AS occurrence FROM actor_codes) o
    ON o.actor_id = n.actor_id AND o.scheme = n.scheme AND o.code = n.code
WHERE o.occurrence < n.occurrence
    AND (n.valid_from IS NULL OR o.valid_to IS NULL OR n.valid_from <= o.valid_to)
    AND (o.valid_from IS NULL OR n.valid_to IS NULL OR o.valid_from <= n.valid_to)
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'attributed_by[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, actor_id AS value, '' AS other
FROM ascribers
GROUP BY stance_id, actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'document' AS kind, document_id AS record_id, 'authors[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, actor_id AS value, '' AS other
FROM document_authors
GROUP BY document_id, actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'coverage' AS kind, coverage_id AS record_id, 'silent[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, actor_id || ' at ' || event_id AS value, '' AS other
FROM silent_speakers
GROUP BY coverage_id, event_id, actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'coverage' AS kind, coverage_id AS record_id, '' AS field, coverage_id AS value, '' AS other
FROM coverage
GROUP BY coverage_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'coding' AS kind, coder || '/' || document_id AS record_id, '' AS field, document_id AS value, '' AS other
FROM codings
GROUP BY coder, document_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'coders[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, coder AS value, '' AS other
FROM coders
GROUP BY coder
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'holders[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, actor_id AS value, '' AS other
FROM holders
GROUP BY stance_id, actor_id
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'aspects[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, aspect AS value, '' AS other
FROM stance_aspects
GROUP BY stance_id, aspect
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues.' || issue_id || '.levels[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, issue_id || ' ' || level_name AS value, '' AS other
FROM levels
GROUP BY issue_id, level_name
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues.' || issue_id || '.aspects[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, issue_id || ' ' || aspect AS value, '' AS other
FROM aspects
GROUP BY issue_id, aspect
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'vocabulary[' || CAST(MAX(position) - 1 AS STRING) || ']' AS field, field || ' ' || value AS value, '' AS other
FROM vocabulary
GROUP BY field, value
HAVING COUNT(*) > 1
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues[' || CAST(MAX(position) - 1 AS STRING) || '].id' AS field, issue_id AS value, '' AS other
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
-- Datasets of schema 1 have silences, later ones exemptions.
SELECT DISTINCT r.kind, w.record_id, 'exemptions.' || w.rule AS field, w.rule AS value, '' AS other
FROM (
    SELECT x.record_id, x.rule
    FROM (SELECT record_id, rule FROM silences UNION ALL SELECT record_id, rule FROM exemptions) x
    GROUP BY x.record_id, x.rule
    HAVING COUNT(*) > 1
) w
JOIN (
    SELECT 'actor' AS kind, actor_id AS record_id FROM actors
    UNION ALL SELECT 'event' AS kind, event_id AS record_id FROM events
    UNION ALL SELECT 'document' AS kind, document_id AS record_id FROM documents
    UNION ALL SELECT 'stance' AS kind, stance_id AS record_id FROM stances
    UNION ALL SELECT 'blind' AS kind, coder || '/' || stance_id AS record_id FROM second_stances
) r ON r.record_id = w.record_id
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'evidence[' || CAST(MAX(number) - 1 AS STRING) || '].span' AS field, '[' || CAST(span_start AS STRING) || ', ' || CAST(span_end AS STRING) || ']' AS value, '' AS other
FROM evidence
WHERE span_start IS NOT NULL
GROUP BY stance_id, span_start, span_end
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'evidence[' || CAST(MAX(number) - 1 AS STRING) || '].locator' AS field, locator AS value, '' AS other
FROM evidence
WHERE span_start IS NULL AND locator IS NOT NULL
GROUP BY stance_id, document_id, locator
HAVING COUNT(*) > 1
UNION ALL
SELECT 'stance' AS kind, stance_id AS record_id, 'conditions[' || CAST(MAX(number) - 1 AS STRING) || '].condition' AS field, condition AS value, '' AS other
FROM conditions
GROUP BY stance_id, condition
HAVING COUNT(*) > 1
UNION ALL
SELECT 'event' AS kind, event_id AS record_id, 'participants[' || CAST(MAX(number) - 1 AS STRING) || ']' AS field, actor_id AS value, '' AS other
FROM participants
GROUP BY event_id, actor_id, role, document_id, represented_by
HAVING COUNT(*) > 1
