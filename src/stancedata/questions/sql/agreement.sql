-- Agreement: how similar every two holders are at the end of each period, over the issues on which
-- both have a level.
--
-- `similarity` is Signorino and Ritter's S with equal weights: 1 if both have the same level on every
-- issue, -1 if they are at opposite ends of every scale. `like_signs` is the share of issues on which
-- both are positive, both negative or both zero. Both are null with fewer than three shared issues.
-- Tables: standing (the answer of apart_as_of), levels, issues, parameters (actor_id, null for all;
-- all_issues).
--
-- Levels are encoded as bitmaps, so that the join has one row for every two holders and period rather
-- than one for each issue too: BIT_COUNT of the AND of two bitmaps counts what two holders share on
-- all issues together. Each issue has one bit for being on record, and three for the sides. Each step
-- between two levels of a scale has a bit, set in `below` of holders above the step and in `above` of
-- holders below it. The distance of two holders is the number of bits that one has in `below` and the
-- other in `above`.
-- A word is one integer of such a bitmap: twenty issues, and sixty steps that are equal shares of
-- their scales. Most codebooks need one word; with several, the counts of all words are added up.
--
-- Periods and holders are numbered in the order of their texts until the end. The answer has both, so
-- that a caller with millions of pairs can fetch the numbers alone and look the texts up by index.

WITH compared AS (
    SELECT i.issue_id, CAST(MAX(l.level) AS BIGINT) - MIN(l.level) AS width,
        ROW_NUMBER() OVER (ORDER BY i.issue_id) - 1 AS place
    FROM issues i
    JOIN levels l ON l.issue_id = i.issue_id
    CROSS JOIN parameters q
    WHERE q.all_issues OR i.core
    GROUP BY i.issue_id
),

times AS (
    SELECT t.period, CAST(ROW_NUMBER() OVER (ORDER BY t.period) - 1 AS INT) AS place
    FROM (SELECT DISTINCT period FROM standing) t
),

names AS (
    SELECT h.actor_id, h.actor_name, CAST(ROW_NUMBER() OVER (ORDER BY h.actor_id) - 1 AS INT) AS place
    FROM (SELECT actor_id, MIN(actor_name) AS actor_name FROM standing GROUP BY actor_id) h
),

known AS (
    SELECT t.place AS period, h.place AS holder, s.issue_id, CAST(s.level AS BIGINT) AS level, s.own,
        q.actor_id IS NULL OR q.actor_id = s.actor_id AS asked
    FROM standing s
    JOIN times t ON t.period = s.period
    JOIN names h ON h.actor_id = s.actor_id
    CROSS JOIN parameters q
    WHERE s.level IS NOT NULL
),

-- The levels in use, each with the size of the step from the next lower one. Unused levels get no
-- bit, so a scale may have any number of levels.
taken AS (
    SELECT c.issue_id, c.place, c.width, k.level,
        k.level - LAG(k.level) OVER (PARTITION BY c.issue_id ORDER BY k.level) AS step
    FROM (SELECT DISTINCT issue_id, level FROM known) k
    JOIN compared c ON c.issue_id = k.issue_id
),

steps AS (
    SELECT t.issue_id, t.level, t.step, t.width,
        ROW_NUMBER() OVER (PARTITION BY t.width, t.step ORDER BY t.issue_id, t.level) - 1 AS place
    FROM taken t
    WHERE t.step IS NOT NULL AND t.width > 0
),

words AS (
    SELECT w.width, w.step, w.first_place, ROW_NUMBER() OVER (ORDER BY w.width, w.step, w.first_place) - 1 AS word
    FROM (SELECT DISTINCT width, step, place - place % 60 AS first_place FROM steps) w
),

-- The bits of each level: first those of its issue, then those of the steps of its scale.
bits AS (
    SELECT t.issue_id, t.level, CAST((t.place - t.place % 20) / 20 AS BIGINT) AS word, 0 AS step, 1 AS width,
        CAST(POWER(2, t.place % 20) AS BIGINT) AS known,
        CAST(POWER(2, (t.place % 20) * 3) AS BIGINT)
            * CASE WHEN t.level > 0 THEN 4 WHEN t.level < 0 THEN 1 ELSE 2 END AS side,
        0 AS below, 0 AS above
    FROM taken t
    UNION ALL
    SELECT t.issue_id, t.level, w.word, s.step, s.width, 0, 0,
        CASE WHEN s.level <= t.level THEN CAST(POWER(2, s.place % 60) AS BIGINT) ELSE 0 END,
        CASE WHEN s.level <= t.level THEN 0 ELSE CAST(POWER(2, s.place % 60) AS BIGINT) END
    FROM taken t
    JOIN steps s ON s.issue_id = t.issue_id
    JOIN words w ON w.width = s.width AND w.step = s.step AND w.first_place = s.place - s.place % 60
),

codes AS (
    SELECT issue_id, level, word, MAX(step) AS step, MAX(width) AS width, BIT_OR(known) AS known,
        BIT_OR(side) AS side, BIT_OR(below) AS below, BIT_OR(above) AS above
    FROM bits
    GROUP BY issue_id, level, word
),

needed AS (
    SELECT COUNT(DISTINCT word) AS words
    FROM codes
),

-- The bitmaps of each holder at the end of each period, one row for every word.
written AS (
    SELECT k.period, k.holder, k.asked, c.word, MAX(c.step) AS step, MAX(c.width) AS width,
        BIT_OR(c.known) AS known, BIT_OR(CASE WHEN k.own THEN c.known ELSE 0 END) AS own,
        BIT_OR(c.side) AS side, BIT_OR(c.below) AS below, BIT_OR(c.above) AS above
    FROM known k
    JOIN codes c ON c.issue_id = k.issue_id AND c.level = k.level
    GROUP BY k.period, k.holder, k.asked, c.word
),

-- If only one holder is requested, it is paired with every other one, before or after it in order.
beside AS (
    SELECT x.period, CASE WHEN x.holder < y.holder THEN x.holder ELSE y.holder END AS holder_1,
        CASE WHEN x.holder < y.holder THEN y.holder ELSE x.holder END AS holder_2,
        m.words,
        CAST(BIT_COUNT(x.known & y.known) AS INT) AS shared,
        CAST(BIT_COUNT(x.own & y.own) AS INT) AS shared_own,
        CAST(BIT_COUNT(x.side & y.side) AS INT) AS alike,
        CAST(BIT_COUNT(x.below & y.above) + BIT_COUNT(x.above & y.below) AS DOUBLE) * x.step / x.width AS distance
    FROM written x
    JOIN written y ON y.period = x.period AND y.word = x.word
    CROSS JOIN needed m
    WHERE x.asked AND (y.holder > x.holder OR NOT y.asked)
),

-- With a single word there is nothing to add up, which saves the aggregation.
pairs AS (
    SELECT b.period, b.holder_1, b.holder_2, b.shared, b.shared_own, b.alike, b.distance
    FROM beside b
    WHERE b.words = 1
    UNION ALL
    SELECT b.period, b.holder_1, b.holder_2, CAST(SUM(b.shared) AS INT), CAST(SUM(b.shared_own) AS INT),
        CAST(SUM(b.alike) AS INT), SUM(b.distance)
    FROM beside b
    WHERE b.words > 1
    GROUP BY b.period, b.holder_1, b.holder_2
)

SELECT
    t.period, one.actor_id AS actor_id_1, one.actor_name AS actor_name_1,
    other.actor_id AS actor_id_2, other.actor_name AS actor_name_2, p.shared, p.shared_own,
    CASE WHEN p.shared < 3 THEN NULL ELSE 1.0 - 2.0 * p.distance / p.shared END AS similarity,
    CASE WHEN p.shared < 3 THEN NULL ELSE CAST(p.alike AS DOUBLE) / p.shared END AS like_signs,
    p.period AS period_place, p.holder_1 AS place_1, p.holder_2 AS place_2
FROM pairs p
JOIN times t ON t.place = p.period
JOIN names one ON one.place = p.holder_1
JOIN names other ON other.place = p.holder_2
WHERE p.shared > 0
ORDER BY p.period, p.holder_1, p.holder_2
