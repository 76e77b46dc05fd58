-- An event whose stances give its day has that day.
-- severity: warning
-- message: has no day, but {other} gives {value}; date the event by that document
-- since: 2

WITH dated AS (
    SELECT e.event_id, MIN(s.stance_id) AS stance_id
    FROM events e
    JOIN stances s ON s.event_id = e.event_id
    WHERE e.held_kind = 'uncertain' AND s.date_kind = 'day'
    GROUP BY e.event_id
)

SELECT DISTINCT 'event' AS kind, d.event_id AS record_id, 'held_on' AS field, s.stated_on AS value,
    d.stance_id AS other
FROM dated d
JOIN stances s ON s.stance_id = d.stance_id AND s.event_id = d.event_id AND s.date_kind = 'day'
