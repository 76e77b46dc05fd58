-- A step down names a rung below the highest one since the step down before it.
-- severity: error
-- message: does not step down, got {value} where {other} stood; name the rung that remains
-- since: 2

-- The issues with a step down.
WITH ended AS (
    SELECT DISTINCT s.issue_id
    FROM stances s
    JOIN issues i ON i.issue_id = s.issue_id
    WHERE i.kind = 'deeds' AND s.act = 'ends'
),

counted AS (
    SELECT s.stance_id, s.issue_id, h.actor_id, s.act, s.level, s.level_name, s.stated_earliest
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    JOIN ended i ON i.issue_id = s.issue_id
    JOIN documents d ON d.document_id = s.document_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.quantifier IS NULL
        AND (d.status IS NULL OR d.status <> 'withdrawn')
),

-- For each step down, the day of the one before it.
steps AS (
    SELECT e.stance_id, e.issue_id, e.actor_id, e.level, e.level_name, e.stated_earliest,
        MAX(b.stated_earliest) AS before
    FROM counted e
    LEFT JOIN counted b ON b.actor_id = e.actor_id AND b.issue_id = e.issue_id AND b.act = 'ends'
        AND b.stated_earliest < e.stated_earliest
    WHERE e.act = 'ends'
    GROUP BY e.stance_id, e.issue_id, e.actor_id, e.level, e.level_name, e.stated_earliest
),

-- A rung counts if it is later than that step down, whose own level counts too.
stood AS (
    SELECT p.stance_id, p.level, p.level_name, MAX(c.level) AS highest
    FROM steps p
    JOIN counted c ON c.actor_id = p.actor_id AND c.issue_id = p.issue_id
    WHERE c.stated_earliest < p.stated_earliest
        AND (
            p.before IS NULL OR c.stated_earliest > p.before
            OR (c.stated_earliest = p.before AND c.act = 'ends')
        )
    GROUP BY p.stance_id, p.actor_id, p.issue_id, p.stated_earliest, p.level, p.level_name
)

SELECT 'stance' AS kind, stance_id AS record_id, 'level' AS field, level_name AS value,
    'level ' || CAST(MAX(highest) AS STRING) AS other
FROM stood
WHERE level >= highest
GROUP BY stance_id, level_name
