-- Conditions: the conditions that holders attached to positions, and whether they were met by a day.
--
-- A status is known from the last day that its date can mean; before that day, and if no document
-- states it, it is null. Conditions attributed by a third party have the attribution third_party.
-- Tables: conditions, stances, holders, actors, parameters (on_day; actor_id, issue_id, null for all).

SELECT
    h.actor_id, a.name AS actor_name, s.issue_id, s.level, s.level_name, s.target_id, s.attribution,
    s.stated_on, s.date_kind, s.stated_earliest, s.stated_latest, c.number, c.condition,
    c.issue_id AS condition_issue_id,
    CASE WHEN c.status_latest <= q.on_day THEN c.status ELSE NULL END AS status,
    CASE WHEN c.status_latest <= q.on_day THEN c.status_on ELSE NULL END AS status_on,
    CASE WHEN c.status_latest <= q.on_day THEN c.status_document_id ELSE NULL END AS status_document_id,
    s.confidence, s.stance_id
FROM conditions c
JOIN stances s ON s.stance_id = c.stance_id
JOIN holders h ON h.stance_id = s.stance_id AND h.role = 'party'
JOIN actors a ON a.actor_id = h.actor_id
CROSS JOIN parameters q
WHERE CASE WHEN s.date_kind = 'lasting' THEN s.stated_earliest ELSE s.stated_latest END <= q.on_day
    AND (q.actor_id IS NULL OR q.actor_id = h.actor_id)
    AND (q.issue_id IS NULL OR q.issue_id = s.issue_id)
ORDER BY h.actor_id, s.issue_id, s.stated_earliest, s.stated_latest, s.stance_id, c.number
