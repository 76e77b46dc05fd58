-- On an issue of deeds, only a step down takes a rung back: a level of zero or less has act ends.
-- severity: error
-- message: falls below {other} without a step down, got {value}; write act: ends, or fix the level
-- since: 2

-- The issues on which there is something to find: most datasets have none.
WITH lowered AS (
    SELECT DISTINCT s.issue_id
    FROM stances s
    JOIN issues i ON i.issue_id = s.issue_id
    WHERE i.kind = 'deeds' AND s.level <= 0 AND s.act <> 'ends'
),

counted AS (
    SELECT s.stance_id, s.issue_id, h.actor_id, s.act, s.level, s.level_name, s.stated_earliest
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    JOIN lowered i ON i.issue_id = s.issue_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.quantifier IS NULL
        AND (d.status IS NULL OR d.status <> 'withdrawn')
)

SELECT 'stance' AS kind, c.stance_id AS record_id, 'level' AS field, c.level_name AS value,
    'level ' || CAST(MAX(r.level) AS STRING) AS other
FROM counted c
JOIN counted r ON r.actor_id = c.actor_id AND r.issue_id = c.issue_id
WHERE c.level <= 0 AND c.act <> 'ends'
    AND r.level > 0 AND r.act <> 'ends' AND r.stated_earliest < c.stated_earliest
    AND NOT EXISTS (
        SELECT 1 FROM counted e
        WHERE e.actor_id = c.actor_id AND e.issue_id = c.issue_id AND e.act = 'ends'
            AND e.stated_earliest >= r.stated_earliest AND e.stated_earliest <= c.stated_earliest
    )
GROUP BY c.stance_id, c.level_name
