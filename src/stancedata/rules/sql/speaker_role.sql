-- A speaker holds the position, or speaks for a holder on that day.
-- severity: error
-- message: does not speak for a holder on {other}, got {value!r}; add the role and its dates to the actor, or fix the speaker

WITH spoken AS (
    SELECT s.stance_id, s.speaker_id, s.stated_earliest, s.stated_latest, h.actor_id
    FROM stances s
    JOIN holders h ON h.stance_id = s.stance_id
    WHERE s.speaker_id IS NOT NULL
),

-- Stances whose speaker is a holder or speaks for one on that day. Holders that do not exist are
-- accepted here, because the rule `reference` reports them.
answered AS (
    SELECT s.stance_id, s.speaker_id FROM spoken s WHERE s.actor_id = s.speaker_id
    UNION ALL
    SELECT s.stance_id, s.speaker_id
    FROM spoken s
    JOIN roles r ON r.actor_id = s.speaker_id AND r.of_actor_id = s.actor_id
    WHERE r.role = 'speaks_for'
        AND (r.valid_from IS NULL OR r.valid_from <= s.stated_latest)
        AND (r.valid_to IS NULL OR r.valid_to >= s.stated_earliest)
    UNION ALL
    SELECT s.stance_id, s.speaker_id
    FROM spoken s
    WHERE NOT EXISTS (SELECT 1 FROM actors x WHERE x.actor_id = s.actor_id)
)

SELECT 'stance' AS kind, s.stance_id AS record_id, 'speaker' AS field, s.speaker_id AS value, s.stated_on AS other
FROM stances s
JOIN actors a ON a.actor_id = s.speaker_id
WHERE NOT EXISTS (
    SELECT 1 FROM answered w WHERE w.stance_id = s.stance_id AND w.speaker_id = s.speaker_id
)
