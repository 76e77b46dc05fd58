-- Known at: the records as of a release, each with its last revision up to that release.
--
-- Records retracted by then are left out. `content` has a record's rows by table, as JSON.
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
