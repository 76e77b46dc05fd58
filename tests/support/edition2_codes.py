"""The oracle's codes of the day: section 3.2 of the specification in naive Python."""

from __future__ import annotations

from tests.support.edition2_records import Actor, Day, Records

ISO3 = "iso3166-1-alpha3"


def holds_on(valid_from: Day | None, valid_to: Day | None, day: Day) -> bool:
    """Tell whether days that may be open hold a day."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def codes_on(actor: Actor, scheme: str, day: Day) -> list[str]:
    """List the codes of a scheme that an actor has on a day."""
    return [
        code.code
        for code in actor.codes
        if code.scheme == scheme and holds_on(code.valid_from, code.valid_to, day)
    ]


def iso3_on(actor: Actor, day: Day) -> str | None:
    """Return the smallest ISO code of the day."""
    return min(codes_on(actor, ISO3, day), default=None)


def number_on(actor: Actor, scheme: str, day: Day) -> int | None:
    """Return the smallest number of the day in the scheme `cow` or `gw`."""
    return min(map(int, codes_on(actor, scheme, day)), default=None)


def governs_on(data: Records, actor: Actor, day: Day) -> str | None:
    """Return the smallest ISO code of what the actor governs on a day."""
    governed = [
        iso3_on(data.actor(role.of_actor_id), day)
        for role in actor.roles
        if role.role == "governs" and holds_on(role.valid_from, role.valid_to, day)
    ]
    return min((code for code in governed if code is not None), default=None)


def governs_number_on(data: Records, actor: Actor, scheme: str, day: Day) -> int | None:
    """Return the smallest number, in a scheme, of what the actor governs on a day."""
    governed = [
        number_on(data.actor(role.of_actor_id), scheme, day)
        for role in actor.roles
        if role.role == "governs" and holds_on(role.valid_from, role.valid_to, day)
    ]
    return min((number for number in governed if number is not None), default=None)


def code_of_actor(actor: Actor, scheme: str) -> str | None:
    """Return the code of the table `actors`: without last day, else with the greatest."""
    found = [code for code in actor.codes if code.scheme == scheme]
    open_ = [code for code in found if code.valid_to is None]
    last = max((code.valid_to for code in found if code.valid_to is not None), default=None)
    best = open_ or [code for code in found if code.valid_to == last]
    return best[0].code if best else None
