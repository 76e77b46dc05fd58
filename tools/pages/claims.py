"""What docs/findings.md claims: the numbers of its text, and that the data still bear each claim out."""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from typing import Any

from stancedata.dataset import Dataset
from tools.pages.tables import GENERAL_DEBATE, one, rows, speeches, spoke_on

REGION = (
    "russia", "china", "india", "iran", "pakistan", "kazakhstan", "kyrgyzstan", "tajikistan",
    "turkmenistan", "uzbekistan",
)  # fmt: skip
"""The participants of the Moscow Format of 2021."""
G7 = ("united-states", "united-kingdom", "france", "germany", "italy", "canada", "japan")
RECENT = 6 * 365
"""Days: older positions, as on the emirate of 1996 to 2001, do not count."""
SINCE = "2021-08-15"
Facts = dict[str, Any]


class OverturnedError(Exception):
    """The data no longer bear out a finding."""


def hold(claim: str, holds: bool) -> None:
    """Check a claim of the page.

    Raises:
        OverturnedError: If it does not hold; the text of the finding has to be written again.
    """
    if not holds:
        raise OverturnedError(f"tools/pages/findings.md: the data no longer show that {claim}")


@functools.cache
def facts(dataset: Dataset) -> Facts:
    """Return the numbers of all findings.

    Raises:
        OverturnedError: If a claim does not hold.
    """
    found: Facts = {"version": dataset.version}
    for finding in (silence, attention, deeds, recognition, troops, conditions, blocs):
        found |= finding(dataset)
    return found


def silence(dataset: Dataset) -> Facts:
    """Return how many speeches take a position on recognition."""
    said = {issue: sum(counts.values()) for issue, counts in spoke_on(dataset).items()}
    sessions = speeches(dataset)
    hold("no issue has fewer speakers than recognition", said["recognition"] == min(said.values()))
    hold(
        "fewer than one speech in 300 is on recognition",
        said["recognition"] * 300 < _spoke(sessions),
    )
    quiet = {
        row["actor_id"]
        for row in dataset.silence(
            issue="recognition", coverage=GENERAL_DEBATE, start=SINCE
        ).to_pylist()
    }
    elsewhere = {who for (who,) in rows(dataset, f"""
        SELECT DISTINCT actor_id FROM positions JOIN actors USING (actor_id)
        WHERE issue_id = 'recognition' AND stated_earliest >= '{SINCE}' AND actors.kind = 'state'
    """)}  # fmt: skip
    return {
        "spoke": f"{_spoke(sessions):,}", "first": sessions[0]["year"], "last": sessions[-1]["year"],
        "recognition": _word(said["recognition"]),
        "Recognition": _word(said["recognition"]).capitalize(), "take": "takes" if said["recognition"] < 2 else "take",
        "aid": said["aid"], "rights": said["rights"], "states": len(elsewhere),
        "quiet": "all" if elsewhere <= quiet else len(elsewhere & quiet),
    }  # fmt: skip


def _spoke(sessions: list[dict[str, Any]]) -> int:
    return sum(row["spoke"] for row in sessions)


def attention(dataset: Dataset) -> Facts:
    """Return how many speakers took a position in the years of most and of least attention."""
    by = {row["year"]: row for row in speeches(dataset)}
    said = {year: row["said"] for year, row in by.items()}
    on = spoke_on(dataset)
    hold("most speakers took a position in 2021", said[2021] == max(said.values()))
    hold(
        "attention halved after 2021", max(n for y, n in said.items() if y > 2021) * 2 < said[2021]
    )
    hold("attention stays above that before 2021", said[max(by)] > said[min(by)])
    hold("aid came before rights in 2021", on["aid"][2021] > on["rights"][2021])
    before = [year for year in by if year < 2021]
    peace = sum(on["peace_process"][year] for year in before)
    led = max(sum(counts[year] for year in before) for counts in on.values())
    hold("the peace process led before 2021", peace == led)
    later = [year for year in by if year > 2021]
    hold("rights came before aid since 2022", all(on["rights"][y] > on["aid"][y] for y in later))
    return {
        "peak": said[2021], "peak_spoke": by[2021]["spoke"], "after": said[2022],
        "late": said[max(by)], "late_spoke": by[max(by)]["spoke"], "early": said[min(by)],
        "loyal": _loyal(dataset, len(by)),
    }  # fmt: skip


def _loyal(dataset: Dataset, sessions: int) -> str:
    """Say who took a position in every General Debate."""
    query = f"""
        SELECT a.name FROM documents d JOIN document_authors USING (document_id)
        JOIN actors a USING (actor_id)
        WHERE coverage_id = '{GENERAL_DEBATE}' AND EXISTS (
            SELECT 1 FROM stances s JOIN holders h USING (stance_id)
            WHERE s.document_id = d.document_id AND h.actor_id = a.actor_id
                AND role = 'party' AND attribution <> 'third_party'
        )
        GROUP BY a.name HAVING count(DISTINCT d.event_id) = {sessions} ORDER BY a.name
    """
    names = [name for (name,) in rows(dataset, query)]
    return (_listed(names) or "Nobody") + (" alone" if len(names) == 1 else "")


@functools.cache
def standing(dataset: Dataset, issue: str) -> dict[str, int | None]:
    """Return the level that stands of each holder on an issue."""
    found = dataset.matrix(issue=issue, max_age=RECENT).to_pylist()
    return {row["actor_id"]: row["level"] for row in found}


def opened(dataset: Dataset) -> tuple[str, ...]:
    """Return who let the Taliban have an Afghan mission, or went further."""
    return tuple(who for who, rung in standing(dataset, "relations").items() if (rung or 0) >= 3)


def deeds(dataset: Dataset) -> Facts:
    """Return who opened relations, and what they say on recognition."""
    states, words = opened(dataset), standing(dataset, "recognition")
    hold("ten states or more opened missions or accredited envoys", len(states) >= 10)
    recognising = [who for who in states if words.get(who) == 2]
    hold("only Russia recognises in words and deeds", recognising == ["russia"])
    withhold = sum((words.get(who) or 0) < 0 for who in states)
    unsaid = sum(who not in words for who in states)
    rungs = dataset.matrix(issue="relations", max_age=RECENT).to_pylist()
    unsure = {row["actor_id"] for row in rows_of(rungs, states) if row["confidence"] == "low"}
    return {
        "opened": len(states), "ambassadors": sum(row["level"] >= 4 for row in rows_of(rungs, states)),
        "withhold": withhold, "unsaid": unsaid, "between": len(states) - 1 - withhold - unsaid,
        "unsure": _names(dataset, unsure) or "none",
    }  # fmt: skip


def rows_of(matrix: list[dict[str, Any]], holders: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of a matrix that are of these holders."""
    return [row for row in matrix if row["actor_id"] in holders]


def recognition(dataset: Dataset) -> Facts:
    """Return the day on which Russia recognised, and who favours it."""
    words = standing(dataset, "recognition")
    hold(
        "nobody but Russia recognises",
        [who for who, level in words.items() if level == 2] == ["russia"],
    )
    own = [row for row in dataset.shifts("russia", "recognition").to_pylist() if row["own"]]
    last = own[-1]
    reversal = (last["kind"], last["level"]) == ("reversal", 2)
    hold("Russia's last shift is a reversal in favour", reversal)
    day = last["shifted_on"]
    after = datetime.date(2025, 8, 1)
    stood = dataset.position("russia", "recognition", on=after)
    hold("Russia recognises as of August 2025", stood is not None and stood.level == 2)
    others = {
        row["actor_name"]: row["document_count"]
        for row in dataset.matrix(issue="recognition", max_age=RECENT).to_pylist()
        if row["level"] == 1 and row["actor_id"] != "taliban"
    }
    favour = [f"{name} (documents: {count})" for name, count in sorted(others.items())]
    return {"day": f"{day.day} {day:%B %Y}", "favour": _listed(favour) or "Nobody else"}


def troops(dataset: Dataset) -> Facts:
    """Return the positions of the United States on troops, and who is against their return."""
    levels = rows(dataset, """
        SELECT year(stated_earliest), level FROM positions
        WHERE actor_id = 'united-states' AND issue_id = 'troop_withdrawal'
    """)  # fmt: skip
    supports = sum(2020 <= year <= 2024 and level > 0 for year, level in levels)
    opposes = sum(year >= 2025 and level < 0 for year, level in levels)
    hold("the United States supported the withdrawal up to 2024", supports >= 10)
    hold(
        "it has only opposed it since 2025", opposes == sum(year >= 2025 for year, _ in levels) > 0
    )
    against = rows(dataset, """
        SELECT DISTINCT name FROM positions JOIN actors USING (actor_id)
        WHERE issue_id = 'troop_withdrawal' AND level = 2 AND stated_earliest >= '2023-01-01' ORDER BY name
    """)  # fmt: skip
    names = [name for (name,) in against]
    hold("India and Pakistan are both against bases", {"India", "Pakistan", "Taliban"} <= {*names})
    return {"supports": supports, "opposes": opposes, "against": _listed(names)}


def waits(dataset: Dataset) -> dict[tuple[str, str | None], set[str]]:
    """Return, for each issue and what it waits for, the holders that make it wait."""
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for row in dataset.conditions().to_pylist():
        if row["attribution"] != "third_party":
            found[row["issue_id"], row["condition_issue_id"]].add(row["actor_id"])
    return found


def conditions(dataset: Dataset) -> Facts:
    """Return how many holders name which price."""
    made = waits(dataset)
    named: dict[str, set[str]] = defaultdict(set)
    for (_, price), who in made.items():
        named[price or "other"] |= who
    counts = {price: len(who) for price, who in named.items() if price != "other"}
    first = sorted(counts, key=lambda price: counts[price])[-2:]
    hold("rights and inclusivity are demanded most", {*first} == {"rights", "inclusivity"})
    issues = ("rights", "inclusivity", "security")
    return {
        "demanders": len(set().union(*made.values())),
        **{f"{issue}_holders": counts[issue] for issue in issues},
        **_prices_of_recognition(
            dataset, made["recognition", "inclusivity"], made["recognition", "rights"]
        ),
        **_prices_of_aid(dataset, made["aid", "rights"]),
        "unmet": _reported(dataset, "unmet") or "none",
    }


def _reported(dataset: Dataset, status: str) -> int:
    hold("no condition is met", not rows(dataset, "SELECT 1 FROM conditions WHERE status = 'met'"))
    number: int = one(dataset, f"SELECT count(*) FROM conditions WHERE status = '{status}'")
    return number


def _prices_of_recognition(dataset: Dataset, governs: set[str], how: set[str]) -> Facts:
    hold("Russia and Iran ask for inclusivity", {"russia", "iran"} <= governs - how)
    hold(
        "the United States and France ask for rights", {"united-states", "france"} <= how - governs
    )
    return {"moscow_holders": _names(dataset, governs), "west_holders": _names(dataset, how)}


def _prices_of_aid(dataset: Dataset, donors: set[str]) -> Facts:
    aid = standing(dataset, "aid")
    giving = [who for who in donors if (aid.get(who) or 0) > 0]
    hold("most who set a price on aid support it all the same", len(giving) * 2 > len(donors))
    return {
        "aid_rights": len(donors),
        "aid_giving": "all" if len(giving) == len(donors) else len(giving),
    }


def sides(dataset: Dataset) -> dict[tuple[str, str], int]:
    """Return the last level that each holder of the two groups stated for itself, by holder and issue."""
    query = f"""
        SELECT actor_id, issue_id, arg_max(level, stated_earliest) AS level FROM positions
        WHERE own AND confidence <> 'low' AND level IS NOT NULL AND stated_earliest >= '{SINCE}'
            AND actor_id IN {REGION + G7}
        GROUP BY ALL
    """
    return {(who, issue): level for who, issue, level in rows(dataset, query)}


def blocs(dataset: Dataset) -> Facts:
    """Return how many of each group take which side."""
    found = sides(dataset)

    def taking(group: tuple[str, ...], issue: str) -> list[int]:
        return [found[who, issue] for who in group if (who, issue) in found]

    for issue in ("aid", "inclusivity", "security", "rights"):
        levels = taking(REGION + G7, issue)
        hold(f"nobody in either group is against {issue}", min(levels) >= 0)
    region = taking(REGION, "sanctions")
    hold("the region asks for release", len(region) >= 4 and min(region) > 0)
    speak = {who for who in G7 if (who, "sanctions") in found}
    hold("of the G7 two speak of sanctions", speak == {"united-states", "canada"})
    hold("the United States keeps sanctions", found["united-states", "sanctions"] < 0)
    spoken = {
        name: len(taking(group, "rights")) for name, group in (("g7", G7), ("region", REGION))
    }
    hold(
        "the G7 speak of rights and the region rarely", spoken["g7"] / 7 > 2 * spoken["region"] / 10
    )
    favour = [level > 0 for level in taking(REGION, "recognition")]
    hold("the region has begun to favour recognition", sum(favour) > 0)
    hold("nobody of the G7 favours recognition", max(taking(G7, "recognition")) <= 0)
    return {
        "region_for": sum(favour), "region_sanctions": len(region), "g7_rights": spoken["g7"], "region_rights": spoken["region"],
    }  # fmt: skip


def _names(dataset: Dataset, holders: set[str]) -> str:
    return _listed(sorted((dataset.actors[who].name for who in holders), key=str.casefold))


def _listed(names: list[str]) -> str:
    named = [f"the {name}" if name in ("United States", "Taliban", "United Nations", "United Kingdom",
             "international community", "European Union") else name for name in names]  # fmt: skip
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _word(number: int) -> str:
    return "none" if number == 0 else str(number)
