-- Two documents differ in their address or text, and in their title, publisher or day, unless one is a copy.
-- severity: warning
-- message: may be the same document as {other}, got {value}; keep one of the two, or name the source of a copy in derived_from
-- since: 2

-- Of one page, people note `http` or `https`, and marks as they are or encoded.
WITH noted AS (
    SELECT document_id, origin_id, sha256,
        REGEXP_REPLACE(
            REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
                url, '%7E', '~'), '%7e', '~'), '%2D', '-'), '%2d', '-'),
                '%2E', '.'), '%2e', '.'), '%5F', '_'), '%5f', '_'),
            '^https?://', ''
        ) AS address
    FROM documents
    WHERE url IS NOT NULL
),

parts AS (
    SELECT document_id, origin_id, sha256,
        SPLIT_PART(address, '#', 1) AS page,
        SPLIT_PART(SPLIT_PART(address, '#', 1), '?', 1) AS path,
        SPLIT_PART(SPLIT_PART(SPLIT_PART(address, '#', 1), '?', 1), '/', 1) AS host,
        SPLIT_PART(address, '#', 2) AS fragment
    FROM noted
),

-- The host with or without capitals, `www.` and its usual port, a slash at the end, a place on the
-- page, and what tells how a reader came to it, do not name another page. `#!` and `#/` do.
addressed AS (
    SELECT document_id, origin_id, sha256,
        REGEXP_REPLACE(REGEXP_REPLACE(LOWER(host), '^www[.]', ''), ':(80|443)?$', '')
            || REGEXP_REPLACE(SUBSTRING(path, LENGTH(host) + 1), '/+$', '')
            || CASE WHEN SUBSTRING(fragment, 1, 1) IN ('!', '/') THEN '#' || fragment ELSE '' END AS address,
        REGEXP_EXTRACT_ALL(
            '?&' || SUBSTRING(page, LENGTH(path) + 2),
            '([?]|&[^&]+)(?:&+(?:utm_|(?:fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|twclid|ttclid|yclid|ysclid|igshid|mc_cid|mc_eid|mkt_tok|ref_src|_ga|_gl)=)[^&]*)*',
            1
        ) AS parameters
    FROM parts
),

titled AS (
    SELECT document_id, origin_id, sha256, published_on,
        REGEXP_EXTRACT_ALL(TRANSLATE(LOWER(title), CHR(9) || CHR(10) || CHR(160), '   '), '[^ ]+', 0) AS title,
        REGEXP_EXTRACT_ALL(TRANSLATE(LOWER(publisher), CHR(9) || CHR(10) || CHR(160), '   '), '[^ ]+', 0) AS publisher
    FROM documents
),

-- Texts of one collection may have its address and title; then their own texts tell them apart.
pairs AS (
    SELECT d.document_id, 'url' AS field, o.document_id AS other
    FROM addressed d
    JOIN addressed o ON o.address = d.address AND o.parameters = d.parameters
    WHERE o.document_id < d.document_id AND o.origin_id <> d.origin_id
        AND (d.sha256 IS NULL OR o.sha256 IS NULL)
    UNION ALL
    SELECT d.document_id, 'title' AS field, o.document_id AS other
    FROM titled d
    JOIN titled o ON o.title = d.title AND o.publisher = d.publisher AND o.published_on = d.published_on
    WHERE o.document_id < d.document_id AND o.origin_id <> d.origin_id
        AND (d.sha256 IS NULL OR o.sha256 IS NULL)
)

SELECT 'document' AS kind, document_id AS record_id, MAX(field) AS field,
    CASE MAX(field) WHEN 'url' THEN 'the same address' ELSE 'the same title, publisher and day' END AS value,
    MIN(other) AS other
FROM pairs
GROUP BY document_id
