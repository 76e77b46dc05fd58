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
    WHERE actor_id IN (
        SELECT n.actor_id FROM (
            SELECT actor_id, position,
                ROW_NUMBER() OVER (PARTITION BY actor_id ORDER BY position) AS place
            FROM actor_names
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE actor_id IN (
        SELECT n.actor_id FROM (
            SELECT actor_id, position,
                ROW_NUMBER() OVER (PARTITION BY actor_id ORDER BY position) AS place
            FROM actor_codes
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE actor_id IN (
        SELECT n.actor_id FROM (
            SELECT actor_id, number,
                ROW_NUMBER() OVER (PARTITION BY actor_id ORDER BY number) AS place
            FROM roles
        ) n
        WHERE n.number <> n.place
    )
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
    WHERE issue_id IN (
        SELECT n.issue_id FROM (
            SELECT issue_id, position,
                ROW_NUMBER() OVER (PARTITION BY issue_id ORDER BY position) AS place
            FROM levels
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE issue_id IN (
        SELECT n.issue_id FROM (
            SELECT issue_id, position,
                ROW_NUMBER() OVER (PARTITION BY issue_id ORDER BY position) AS place
            FROM aspects
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE document_id IN (
        SELECT n.document_id FROM (
            SELECT document_id, position,
                ROW_NUMBER() OVER (PARTITION BY document_id ORDER BY position) AS place
            FROM document_authors
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE event_id IN (
        SELECT n.event_id FROM (
            SELECT event_id, number,
                ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY number) AS place
            FROM participants
        ) n
        WHERE n.number <> n.place
    )
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
    WHERE stance_id IN (
        SELECT n.stance_id FROM (
            SELECT stance_id, position,
                ROW_NUMBER() OVER (PARTITION BY stance_id ORDER BY position) AS place
            FROM holders
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE stance_id IN (
        SELECT n.stance_id FROM (
            SELECT stance_id, position,
                ROW_NUMBER() OVER (PARTITION BY stance_id ORDER BY position) AS place
            FROM stance_aspects
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE stance_id IN (
        SELECT n.stance_id FROM (
            SELECT stance_id, position,
                ROW_NUMBER() OVER (PARTITION BY stance_id ORDER BY position) AS place
            FROM ascribers
        ) n
        WHERE n.position <> n.place
    )
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
    WHERE stance_id IN (
        SELECT n.stance_id FROM (
            SELECT stance_id, number,
                ROW_NUMBER() OVER (PARTITION BY stance_id ORDER BY number) AS place
            FROM conditions
        ) n
        WHERE n.number <> n.place
    )
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
    WHERE stance_id IN (
        SELECT n.stance_id FROM (
            SELECT stance_id, number,
                ROW_NUMBER() OVER (PARTITION BY stance_id ORDER BY number) AS place
            FROM evidence
        ) n
        WHERE n.number <> n.place
    )
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
    WHERE coverage_id IN (
        SELECT n.coverage_id FROM (
            SELECT coverage_id, position,
                ROW_NUMBER() OVER (PARTITION BY coverage_id ORDER BY position) AS place
            FROM silent_speakers
        ) n
        WHERE n.position <> n.place
    )
    GROUP BY coverage_id
) t
WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items
