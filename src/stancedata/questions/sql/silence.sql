-- Silence: who spoke on an occasion and said nothing on an issue, with how many spoke.
--
-- An occasion is the event at which an actor spoke, or else its document. It is known if all of the
-- actor's documents there were read whole, or if a list of speakers has it. What counts as said: a
-- stance of the actor in these documents, or tied to the event in any document. Each row repeats the
-- numbers of its occasion: how many known actors spoke, and how many of these were silent.
-- Tables: actors, document_authors, documents, events, holders, issues, silent_speakers, stances,
-- parameters (actor_id, issue_id, coverage_id, first_day, last_day; null for all).

WITH speaking AS (
    SELECT
        a.actor_id, COALESCE(d.event_id, d.document_id) AS occasion, d.event_id, d.document_id,
        d.coverage_id, d.read = 'whole' AND d.read IS NOT NULL AS whole
    FROM document_authors a
    JOIN documents d ON d.document_id = a.document_id
    WHERE d.status IS NULL OR d.status <> 'withdrawn'
    UNION ALL
    SELECT actor_id, event_id, event_id, NULL, coverage_id, TRUE
    FROM silent_speakers
),

-- The known occasions of each actor.
spoke AS (
    SELECT
        s.actor_id, s.occasion, MIN(s.event_id) AS event_id, MIN(s.document_id) AS document_id,
        MIN(s.coverage_id) AS coverage_id
    FROM speaking s
    GROUP BY s.actor_id, s.occasion
    HAVING MIN(CASE WHEN s.whole THEN 1 ELSE 0 END) = 1
),

stated AS (
    SELECT h.actor_id, s.document_id, s.event_id, s.issue_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.quantifier IS NULL
),

said AS (
    SELECT s.actor_id, s.occasion, t.issue_id
    FROM speaking s
    JOIN stated t ON t.document_id = s.document_id AND t.actor_id = s.actor_id
    UNION
    SELECT actor_id, event_id, issue_id
    FROM stated
    WHERE event_id IS NOT NULL
),

speakers AS (
    SELECT occasion, COUNT(*) AS spoke FROM spoke GROUP BY occasion
),

-- How many of those who spoke said something.
heard AS (
    SELECT s.occasion, t.issue_id, COUNT(*) AS heard
    FROM spoke s
    JOIN said t ON t.actor_id = s.actor_id AND t.occasion = s.occasion
    GROUP BY s.occasion, t.issue_id
)

SELECT
    s.actor_id, a.name AS actor_name, i.issue_id, s.event_id, s.document_id, s.coverage_id,
    COALESCE(e.held_on, d.published_on) AS spoken_on,
    COALESCE(e.held_earliest, d.published_earliest) AS earliest,
    COALESCE(e.held_latest, d.published_latest) AS latest,
    n.spoke, n.spoke - COALESCE(h.heard, 0) AS silent
FROM spoke s
CROSS JOIN issues i
CROSS JOIN parameters q
JOIN actors a ON a.actor_id = s.actor_id
JOIN speakers n ON n.occasion = s.occasion
LEFT JOIN heard h ON h.occasion = s.occasion AND h.issue_id = i.issue_id
LEFT JOIN events e ON e.event_id = s.event_id
LEFT JOIN documents d ON d.document_id = s.document_id
WHERE NOT EXISTS (
        SELECT 1 FROM said t
        WHERE t.actor_id = s.actor_id AND t.occasion = s.occasion AND t.issue_id = i.issue_id
    )
    AND (q.actor_id IS NULL OR q.actor_id = s.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = i.issue_id)
    AND (q.coverage_id IS NULL OR q.coverage_id = s.coverage_id)
    AND (q.first_day IS NULL OR q.first_day <= COALESCE(e.held_latest, d.published_latest))
    AND (q.last_day IS NULL OR q.last_day >= COALESCE(e.held_latest, d.published_latest))
ORDER BY s.actor_id, i.issue_id, earliest, latest, s.occasion
