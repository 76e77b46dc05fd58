-- Apart as of: which position apart stands of each holder on each issue, at the end of each period.
--
-- With `across` own and joint statements make one position; without, only own ones are given.
-- `agreement` compares the answer, under the name of `standing`.
-- Tables: spells (the query of that name), actors, periods (period, last_day), calendar (a number for
-- every day), parameters (max_age, null for all).

SELECT t.period, s.actor_id, a.name AS actor_name, s.issue_id, s.level, s.own
FROM spells s
JOIN periods t ON s.since <= t.last_day AND (s.until IS NULL OR s.until > t.last_day)
JOIN actors a ON a.actor_id = s.actor_id
JOIN calendar today ON today.day = t.last_day
JOIN calendar held ON held.day = CASE WHEN s.holds_until < t.last_day THEN s.holds_until ELSE t.last_day END
CROSS JOIN parameters q
WHERE s.part <> 'joint'
    AND (a.valid_to IS NULL OR a.valid_to >= t.last_day)
    AND (q.max_age IS NULL OR today.number - held.number <= q.max_age)
ORDER BY t.period, s.actor_id, s.issue_id
