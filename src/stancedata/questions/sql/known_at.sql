-- The records as of a release: for each, the last revision made by then.
--
-- A record retracted by then has none. `content` is its rows by table, as JSON.
-- Tables: revisions, parameters (release_number).

SELECT
    r.record_id, r.revision, r.kind, r.operation, r.release, r.release_number, r.reason, r.note,
    r.content, r.content_sha256
FROM revisions r
CROSS JOIN parameters q
WHERE r.release_number <= q.release_number
    AND r.operation <> 'retract'
    AND NOT EXISTS (
        SELECT 1
        FROM revisions later
        WHERE later.record_id = r.record_id
            AND later.kind = r.kind
            AND later.revision > r.revision
            AND later.release_number <= q.release_number
    )
ORDER BY r.record_id, r.kind
