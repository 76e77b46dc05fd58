-- The items of a list are numbered from 1, without a gap or a repetition.
-- severity: error
-- message: is not numbered from 1 without a gap, got {value} in {other}; export the dataset again
-- blind: true

SELECT 'actor' AS kind, t.actor_id AS record_id, 'names' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT actor_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM actor_names
    GROUP BY actor_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'codes' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT actor_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM actor_codes
    GROUP BY actor_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'actor' AS kind, t.actor_id AS record_id, 'roles' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT actor_id, COUNT(*) AS items, COUNT(DISTINCT number) AS numbers,
        MIN(number) AS low, MAX(number) AS high
    FROM roles
    GROUP BY actor_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'issues' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM issues
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'levels' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT issue_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM levels
    GROUP BY issue_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'aspects' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT issue_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM aspects
    GROUP BY issue_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'vocabulary' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM vocabulary
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'boundary_cases' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT COUNT(*) AS items, COUNT(DISTINCT number) AS numbers,
        MIN(number) AS low, MAX(number) AS high
    FROM boundary_cases
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'codebook' AS kind, 'codebook' AS record_id, 'coders' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM coders
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'document' AS kind, t.document_id AS record_id, 'authors' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT document_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM document_authors
    GROUP BY document_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'event' AS kind, t.event_id AS record_id, 'participants' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT event_id, COUNT(*) AS items, COUNT(DISTINCT number) AS numbers,
        MIN(number) AS low, MAX(number) AS high
    FROM participants
    GROUP BY event_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'holders' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT stance_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM holders
    GROUP BY stance_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'aspects' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT stance_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM stance_aspects
    GROUP BY stance_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'attributed_by' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT stance_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM ascribers
    GROUP BY stance_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'conditions' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT stance_id, COUNT(*) AS items, COUNT(DISTINCT number) AS numbers,
        MIN(number) AS low, MAX(number) AS high
    FROM conditions
    GROUP BY stance_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'stance' AS kind, t.stance_id AS record_id, 'evidence' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT stance_id, COUNT(*) AS items, COUNT(DISTINCT number) AS numbers,
        MIN(number) AS low, MAX(number) AS high
    FROM evidence
    GROUP BY stance_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
UNION ALL
SELECT 'coverage' AS kind, t.coverage_id AS record_id, 'silent' AS field,
    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,
    CAST(t.items AS STRING) || ' items' AS other
FROM (
    SELECT coverage_id, COUNT(*) AS items, COUNT(DISTINCT position) AS numbers,
        MIN(position) AS low, MAX(position) AS high
    FROM silent_speakers
    GROUP BY coverage_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
