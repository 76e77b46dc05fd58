-- Two documents differ in their address or text, and in their title, publisher or day, unless one is a copy.
-- severity: warning
-- message: may be the same document as {other}, got {value}; keep one of the two, or name the source of a copy in derived_from
-- since: 2

-- Of one page, people note `http` or `https`, with or without `www.` and a slash at the end.
WITH bare AS (
    SELECT document_id, origin_id, sha256,
        CASE
            WHEN SUBSTRING(url, 1, 12) = 'https://www.' THEN SUBSTRING(url, 13)
            WHEN SUBSTRING(url, 1, 11) = 'http://www.' THEN SUBSTRING(url, 12)
            WHEN SUBSTRING(url, 1, 8) = 'https://' THEN SUBSTRING(url, 9)
            WHEN SUBSTRING(url, 1, 7) = 'http://' THEN SUBSTRING(url, 8)
            ELSE url
        END AS address
    FROM documents
    WHERE url IS NOT NULL
),

addressed AS (
    SELECT document_id, origin_id, sha256,
        CASE
            WHEN SUBSTRING(address, LENGTH(address), 1) = '/' THEN SUBSTRING(address, 1, LENGTH(address) - 1)
            ELSE address
        END AS address
    FROM bare
),

-- Texts of one collection may have its address and title; then their own texts tell them apart.
pairs AS (
    SELECT d.document_id, 'url' AS field, o.document_id AS other
    FROM addressed d
    JOIN addressed o ON o.address = d.address
    WHERE o.document_id < d.document_id AND o.origin_id <> d.origin_id
        AND (d.sha256 IS NULL OR o.sha256 IS NULL)
    UNION ALL
    SELECT d.document_id, 'title' AS field, o.document_id AS other
    FROM documents d
    JOIN documents o ON o.title = d.title AND o.publisher = d.publisher AND o.published_on = d.published_on
    WHERE o.document_id < d.document_id AND o.origin_id <> d.origin_id
        AND (d.sha256 IS NULL OR o.sha256 IS NULL)
)

SELECT 'document' AS kind, document_id AS record_id, MAX(field) AS field,
    CASE MAX(field) WHEN 'url' THEN 'the same address' ELSE 'the same title, publisher and day' END AS value,
    MIN(other) AS other
FROM pairs
GROUP BY document_id
