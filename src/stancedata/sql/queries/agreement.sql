-- Agreement: how near every two holders stand to each other, over the issues that both are on
-- record about.
--
-- `similarity` is Signorino and Ritter's S with equal weights: 1 where they stand alike on every
-- issue, -1 where they stand at opposite ends of every scale. `like_signs` is the share of issues on
-- which both agree, both disagree, or both stand at zero. Both are null under three shared issues.
-- Tables: standing (the rows of as_of), levels, issues, parameters (exclude_joint, all_issues).

WITH scales AS (
    SELECT issue_id, MAX(level) - MIN(level) AS width FROM levels GROUP BY issue_id
),

known AS (
    SELECT s.actor_id, s.actor_name, s.issue_id, s.level, s.own, w.width
    FROM standing s
    JOIN issues i ON i.issue_id = s.issue_id
    JOIN scales w ON w.issue_id = s.issue_id
    CROSS JOIN parameters q
    WHERE s.level IS NOT NULL
        AND (q.all_issues OR i.core)
        AND (s.own OR NOT q.exclude_joint)
),

pairs AS (
    SELECT
        x.actor_id AS actor_id_1, x.actor_name AS actor_name_1,
        y.actor_id AS actor_id_2, y.actor_name AS actor_name_2,
        COUNT(*) AS shared,
        COUNT(CASE WHEN x.own AND y.own THEN 1 ELSE NULL END) AS shared_own,
        COUNT(CASE
            WHEN x.level > 0 AND y.level > 0 THEN 1
            WHEN x.level < 0 AND y.level < 0 THEN 1
            WHEN x.level = 0 AND y.level = 0 THEN 1
            ELSE NULL
        END) AS alike,
        SUM(CASE WHEN x.width = 0 THEN 0.0 ELSE CAST(ABS(x.level - y.level) AS DOUBLE) / x.width END) AS distance
    FROM known x
    JOIN known y ON y.issue_id = x.issue_id AND y.actor_id > x.actor_id
    GROUP BY x.actor_id, x.actor_name, y.actor_id, y.actor_name
)

SELECT
    actor_id_1, actor_name_1, actor_id_2, actor_name_2, shared, shared_own,
    CASE WHEN shared < 3 THEN NULL ELSE 1.0 - 2.0 * distance / shared END AS similarity,
    CASE WHEN shared < 3 THEN NULL ELSE CAST(alike AS DOUBLE) / shared END AS like_signs
FROM pairs
ORDER BY actor_id_1, actor_id_2
