-- Not counted: the reasons why stances that name a holder are not its positions, with their number.
--
-- If several reasons apply, the first is given. Stances without a reason are in `counted`.
-- Tables: holders, stances, documents, parameters (actor_id; issue_id, null for all).

WITH named AS (
    SELECT
        CASE
            WHEN h.role <> 'party' THEN 'dissociates'
            WHEN s.attribution = 'third_party' THEN 'third_party'
            WHEN s.quantifier IS NOT NULL THEN 'quantifier'
            WHEN d.status = 'withdrawn' THEN 'withdrawn'
            ELSE NULL
        END AS reason
    FROM holders h
    JOIN stances s ON s.stance_id = h.stance_id
    JOIN documents d ON d.document_id = s.document_id
    CROSS JOIN parameters q
    WHERE h.actor_id = q.actor_id AND (q.issue_id IS NULL OR q.issue_id = s.issue_id)
)

SELECT reason, COUNT(*) AS stances
FROM named
WHERE reason IS NOT NULL
GROUP BY reason
ORDER BY stances DESC, reason
