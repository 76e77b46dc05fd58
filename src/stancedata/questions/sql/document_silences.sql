-- Document silences: the issues on which a document that was read whole has no stance of its author.
--
-- Withdrawn documents are left out; what a third party ascribes, and a quantified stance, is not a
-- stance of the author. `silence` answers the same of whole occasions.
-- Tables: document_authors, documents, holders, issues, stances.

WITH spoken AS (
    SELECT DISTINCT s.document_id, h.actor_id, s.issue_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    WHERE h.role = 'party' AND s.attribution <> 'third_party' AND s.quantifier IS NULL
)

SELECT a.document_id, a.actor_id, i.issue_id
FROM document_authors a
JOIN documents d ON d.document_id = a.document_id
CROSS JOIN issues i
WHERE d.read = 'whole'
    AND (d.status IS NULL OR d.status <> 'withdrawn')
    AND NOT EXISTS (
        SELECT 1 FROM spoken s
        WHERE s.document_id = a.document_id AND s.actor_id = a.actor_id AND s.issue_id = i.issue_id
    )
