-- Agreement: how near every two holders stand to each other at the end of each period, over the
-- issues that both are on record about.
--
-- `similarity` is Signorino and Ritter's S with equal weights: 1 where they stand alike on every
-- issue, -1 where they stand at opposite ends of every scale. `like_signs` is the share of issues on
-- which both agree, both disagree, or both stand at zero. Both are null under three shared issues.
-- Tables: standing (the rows of as_of), levels, issues, parameters (exclude_joint, all_issues).
--
-- Periods, holders and issues have numbers inside: of every two holders there is a row for each
-- issue and period, and numbers are compared and grouped sooner than texts.

WITH compared AS (
    SELECT i.issue_id, MAX(l.level) - MIN(l.level) AS width,
        ROW_NUMBER() OVER (ORDER BY i.issue_id) AS issue
    FROM issues i
    JOIN levels l ON l.issue_id = i.issue_id
    CROSS JOIN parameters q
    WHERE q.all_issues OR i.core
    GROUP BY i.issue_id
),

times AS (
    SELECT t.period, ROW_NUMBER() OVER (ORDER BY t.period) AS number
    FROM (SELECT DISTINCT period FROM standing) t
),

holders_of AS (
    SELECT h.actor_id, h.actor_name, ROW_NUMBER() OVER (ORDER BY h.actor_id) AS number
    FROM (SELECT actor_id, MIN(actor_name) AS actor_name FROM standing GROUP BY actor_id) h
),

known AS (
    SELECT CAST(t.number AS INT) AS period, CAST(h.number AS INT) AS holder,
        CAST(c.issue AS INT) AS issue, c.width, s.level,
        CASE WHEN s.own THEN 1 ELSE 0 END AS own,
        CASE WHEN s.level > 0 THEN 1 WHEN s.level < 0 THEN -1 ELSE 0 END AS side
    FROM standing s
    JOIN times t ON t.period = s.period
    JOIN holders_of h ON h.actor_id = s.actor_id
    JOIN compared c ON c.issue_id = s.issue_id
    CROSS JOIN parameters q
    WHERE s.level IS NOT NULL AND (s.own OR NOT q.exclude_joint)
),

pairs AS (
    SELECT
        x.period, x.holder AS holder_1, y.holder AS holder_2,
        COUNT(*) AS shared,
        SUM(x.own * y.own) AS shared_own,
        SUM(CASE WHEN x.side = y.side THEN 1 ELSE 0 END) AS alike,
        SUM(CASE WHEN x.width = 0 THEN 0.0 ELSE CAST(ABS(x.level - y.level) AS DOUBLE) / x.width END) AS distance
    FROM known x
    JOIN known y ON y.period = x.period AND y.issue = x.issue AND y.holder > x.holder
    GROUP BY x.period, x.holder, y.holder
)

SELECT
    t.period, one.actor_id AS actor_id_1, one.actor_name AS actor_name_1,
    other.actor_id AS actor_id_2, other.actor_name AS actor_name_2, p.shared, p.shared_own,
    CASE WHEN p.shared < 3 THEN NULL ELSE 1.0 - 2.0 * p.distance / p.shared END AS similarity,
    CASE WHEN p.shared < 3 THEN NULL ELSE CAST(p.alike AS DOUBLE) / p.shared END AS like_signs
FROM pairs p
JOIN times t ON t.number = p.period
JOIN holders_of one ON one.number = p.holder_1
JOIN holders_of other ON other.number = p.holder_2
ORDER BY p.period, p.holder_1, p.holder_2
