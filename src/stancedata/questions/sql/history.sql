-- History: every position of a holder on an issue, oldest first.
--
-- With a day, only positions that count by that day are included.
-- Tables: dated (the query of that name), parameters (actor_id, issue_id, on_day; null for all).

SELECT p.*
FROM dated p
CROSS JOIN parameters q
WHERE (q.actor_id IS NULL OR q.actor_id = p.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
    AND (q.on_day IS NULL OR q.on_day >= p.counts_from)
ORDER BY p.actor_id, p.issue_id, p.stated_earliest, p.stated_latest, p.date_kind, p.stance_id
