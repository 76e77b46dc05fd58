-- Positions: one row for each holder, issue and occasion, with what analysts need without a join.
--
-- The codes are those that held on the last day of the occasion.
-- Tables: fold (the query of that name), actors, actor_codes, roles, stances, documents, numbers (the
-- codes of actor_codes that are whole numbers, as numbers), condition_texts and aspect_texts (the
-- conditions and aspects of each stance as one text).

WITH days AS (
    SELECT DISTINCT actor_id, latest FROM fold
),

subjects AS (
    SELECT actor_id, latest, actor_id AS coded_id, FALSE AS governed
    FROM days
    UNION ALL
    SELECT d.actor_id, d.latest, r.of_actor_id AS coded_id, TRUE AS governed
    FROM days d
    JOIN roles r ON r.actor_id = d.actor_id AND r.role = 'governs'
    WHERE (r.valid_from IS NULL OR r.valid_from <= d.latest)
        AND (r.valid_to IS NULL OR r.valid_to >= d.latest)
),

coded AS (
    SELECT
        s.actor_id, s.latest, s.governed,
        MIN(CASE WHEN k.scheme = 'iso3166-1-alpha3' THEN k.code ELSE NULL END) AS iso3,
        MIN(CASE WHEN k.scheme = 'cow' THEN n.number ELSE NULL END) AS cow,
        MIN(CASE WHEN k.scheme = 'gw' THEN n.number ELSE NULL END) AS gw
    FROM subjects s
    JOIN actor_codes k ON k.actor_id = s.coded_id
    LEFT JOIN numbers n ON n.code = k.code
    WHERE (k.valid_from IS NULL OR k.valid_from <= s.latest)
        AND (k.valid_to IS NULL OR k.valid_to >= s.latest)
    GROUP BY s.actor_id, s.latest, s.governed
)

SELECT
    f.actor_id, a.name AS actor_name, k.iso3, k.cow, k.gw, g.iso3 AS governs_iso3, f.issue_id, f.level,
    f.level_name, f.level_min, f.level_max, f.stated_on, f.date_kind, f.earliest AS stated_earliest,
    f.latest AS stated_latest, f.event_id, f.attribution, f.confidence, f.own, f.contested, f.mixed,
    f.document_count, f.stance_id, s.summary, f.kind, s.act, s.speaker_id, f.target_id,
    c.stance_id IS NOT NULL AS conditional, c.texts AS conditions, p.texts AS aspects, f.joint_size,
    f.document_id, d.publisher, d.published_on, d.url
FROM fold f
JOIN actors a ON a.actor_id = f.actor_id
JOIN stances s ON s.stance_id = f.stance_id
JOIN documents d ON d.document_id = f.document_id
LEFT JOIN coded k ON k.actor_id = f.actor_id AND k.latest = f.latest AND NOT k.governed
LEFT JOIN coded g ON g.actor_id = f.actor_id AND g.latest = f.latest AND g.governed
LEFT JOIN condition_texts c ON c.stance_id = f.stance_id
LEFT JOIN aspect_texts p ON p.stance_id = f.stance_id
