-- History: every position of a holder on an issue, oldest first.
--
-- With a day, only positions that count by that day are included.
-- Tables: dated (the query of that name), parameters (actor_id, issue_id, on_day; null for all).

SELECT
    p.actor_id, p.actor_name, p.iso3, p.cow, p.gw, p.governs_iso3, p.issue_id, p.level,
    p.level_name, p.level_min, p.level_max, p.stated_on, p.date_kind, p.stated_earliest,
    p.stated_latest, p.event_id, p.attribution, p.confidence, p.own, p.contested, p.mixed,
    p.document_count, p.stance_id, p.summary
FROM dated p
CROSS JOIN parameters q
WHERE (q.actor_id IS NULL OR q.actor_id = p.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = p.issue_id)
    AND (q.on_day IS NULL OR q.on_day >= p.counts_from)
ORDER BY p.actor_id, p.issue_id, p.stated_earliest, p.stated_latest, p.date_kind
