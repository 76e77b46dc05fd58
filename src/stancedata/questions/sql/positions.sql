-- Positions: stances aggregated to one row per holder, issue and occasion.
--
-- Tables: counted (the query of that name), actors, roles.

-- Most occasions have one stance, which needs no aggregation: only the others take the steps below.
WITH crowds AS (
    SELECT actor_id, issue_id, date_kind, earliest, latest
    FROM counted
    GROUP BY actor_id, issue_id, date_kind, earliest, latest
    HAVING COUNT(*) > 1
),

lone AS (
    SELECT c.*
    FROM counted c
    WHERE NOT EXISTS (
        SELECT 1 FROM crowds t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest
    )
),

crowded AS (
    SELECT c.*
    FROM counted c
    JOIN crowds t
        ON t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
        AND t.earliest = c.earliest AND t.latest = c.latest
),

-- Over the whole occasion, before any stance is dropped.
sides AS (
    SELECT
        actor_id, issue_id, date_kind, earliest, latest, document_id,
        MAX(CASE WHEN side = 1 THEN 1 ELSE 0 END) AS plus,
        MAX(CASE WHEN side = -1 THEN 1 ELSE 0 END) AS minus
    FROM crowded
    GROUP BY actor_id, issue_id, date_kind, earliest, latest, document_id
),

both_signs AS (
    SELECT actor_id, issue_id, date_kind, earliest, latest, MAX(plus * minus) AS mixed
    FROM sides
    GROUP BY actor_id, issue_id, date_kind, earliest, latest
),

occasions AS (
    SELECT
        actor_id, issue_id, date_kind, earliest, latest,
        COUNT(DISTINCT origin_id) AS document_count,
        COUNT(DISTINCT side) AS sides,
        COUNT(DISTINCT CASE WHEN level IS NULL THEN NULL ELSE document_id END) AS documents
    FROM crowded
    GROUP BY actor_id, issue_id, date_kind, earliest, latest
),

-- First: drop reports of a text made at the same event that is itself coded.
without_reports AS (
    SELECT c.* FROM crowded c
    WHERE c.attribution = 'direct' OR c.event_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM crowded t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest
            AND t.event_id = c.event_id AND t.attribution = 'direct'
    )
),

-- Second: prefer the holder's own stances to joint ones.
own_first AS (
    SELECT c.* FROM without_reports c
    WHERE c.own OR NOT EXISTS (
        SELECT 1 FROM without_reports t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest AND t.own
    )
),

-- Third: drop low confidence if there is better.
surer_first AS (
    SELECT c.* FROM own_first c
    WHERE c.confidence <> 'low' OR NOT EXISTS (
        SELECT 1 FROM own_first t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest AND t.confidence <> 'low'
    )
),

-- Fourth: drop stances without a level (ambiguous texts) if others have one.
remaining AS (
    SELECT c.* FROM surer_first c
    WHERE c.level IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM surer_first t
        WHERE t.actor_id = c.actor_id AND t.issue_id = c.issue_id AND t.date_kind = c.date_kind
            AND t.earliest = c.earliest AND t.latest = c.latest AND t.level IS NOT NULL
    )
),

levelled AS (
    SELECT
        actor_id, issue_id, date_kind, earliest, latest,
        MIN(level) AS level_min,
        MAX(level) AS level_max,
        CASE
            WHEN MIN(level) < 0 AND MAX(level) > 0 THEN NULL
            WHEN MIN(level) < 0 THEN MIN(level)
            ELSE MAX(level)
        END AS level
    FROM remaining
    GROUP BY actor_id, issue_id, date_kind, earliest, latest
),

-- The representative is a remaining stance at the level, or any remaining one if there is no level.
representatives AS (
    SELECT
        r.actor_id, r.issue_id, r.date_kind, r.earliest, r.latest,
        MIN_BY(r.stance_id, (r.attribution_rank, r.confidence_rank, r.stance_id)) AS stance_id
    FROM remaining r
    JOIN levelled l
        ON l.actor_id = r.actor_id AND l.issue_id = r.issue_id AND l.date_kind = r.date_kind
        AND l.earliest = r.earliest AND l.latest = r.latest
    WHERE l.level IS NULL OR l.level = r.level
    GROUP BY r.actor_id, r.issue_id, r.date_kind, r.earliest, r.latest
),

folded AS (
    SELECT
        c.*,
        l.level AS position_level,
        l.level_min,
        l.level_max,
        o.sides > 1 AND o.documents > 1 AS contested,
        b.mixed = 1 AS mixed,
        o.document_count
    FROM representatives r
    JOIN crowded c
        ON c.stance_id = r.stance_id AND c.actor_id = r.actor_id
    JOIN levelled l
        ON l.actor_id = r.actor_id AND l.issue_id = r.issue_id AND l.date_kind = r.date_kind
        AND l.earliest = r.earliest AND l.latest = r.latest
    JOIN occasions o
        ON o.actor_id = r.actor_id AND o.issue_id = r.issue_id AND o.date_kind = r.date_kind
        AND o.earliest = r.earliest AND o.latest = r.latest
    JOIN both_signs b
        ON b.actor_id = r.actor_id AND b.issue_id = r.issue_id AND b.date_kind = r.date_kind
        AND b.earliest = r.earliest AND b.latest = r.latest
    UNION ALL
    SELECT
        c.*,
        c.level AS position_level,
        c.level AS level_min,
        c.level AS level_max,
        FALSE AS contested,
        FALSE AS mixed,
        CASE WHEN c.origin_id IS NULL THEN 0 ELSE 1 END AS document_count
    FROM lone c
),

-- The state that a government governed on the last day of the occasion.
governed AS (
    SELECT p.actor_id, p.latest, MIN(g.iso3) AS governs_iso3
    FROM counted p
    JOIN roles r ON r.actor_id = p.actor_id AND r.role = 'governs'
    JOIN actors g ON g.actor_id = r.of_actor_id
    WHERE (r.valid_from IS NULL OR r.valid_from <= p.latest)
        AND (r.valid_to IS NULL OR r.valid_to >= p.latest)
    GROUP BY p.actor_id, p.latest
)

SELECT
    f.actor_id,
    a.name AS actor_name,
    a.iso3,
    a.cow,
    a.gw,
    g.governs_iso3,
    f.issue_id,
    f.position_level AS level,
    CASE WHEN f.level_min < 0 AND f.level_max > 0 THEN NULL ELSE f.level_name END AS level_name,
    f.level_min,
    f.level_max,
    f.stated_on,
    f.date_kind,
    f.earliest AS stated_earliest,
    f.latest AS stated_latest,
    f.event_id,
    f.attribution,
    f.confidence,
    f.own,
    f.contested,
    f.mixed,
    f.document_count,
    f.stance_id,
    f.summary,
    CAST(NULL AS STRING) AS kind,
    CAST(NULL AS STRING) AS act,
    CAST(NULL AS STRING) AS speaker_id,
    CAST(NULL AS STRING) AS target_id,
    CAST(NULL AS BOOLEAN) AS conditional,
    CAST(NULL AS STRING) AS conditions,
    CAST(NULL AS STRING) AS aspects,
    CAST(NULL AS INT) AS joint_size,
    CAST(NULL AS STRING) AS document_id,
    CAST(NULL AS STRING) AS publisher,
    CAST(NULL AS STRING) AS published_on,
    CAST(NULL AS STRING) AS url
FROM folded f
JOIN actors a ON a.actor_id = f.actor_id
LEFT JOIN governed g ON g.actor_id = f.actor_id AND g.latest = f.latest
