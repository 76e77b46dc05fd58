"""Hypothesis strategies: one for every model class, and one for a whole consistent content."""

from __future__ import annotations

import datetime
import functools
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from stancedata import model
from stancedata.model.dates import StatedDate

T = TypeVar("T")
CODEBOOK = model.Codebook(
    issues=(
        model.Issue("recognition", "Recognition", "To be recognised.", True, (
            model.Level("recognises", 2, "has"), model.Level("favours", 1, "argues for it"),
            model.Level("uncommitted", 0, "neither"), model.Level("withholds", -1, "not now"),
            model.Level("rejects", -2, "never")), (model.Aspect("de_jure", "in law"),), kind="words"),
        model.Issue("aid", "Aid", "To be helped.", False, (
            model.Level("supports", 1, "asks"), model.Level("opposes", -2, "against")), kind="words"),
        model.Issue("peace", "Peace", "To be made.", True, (
            model.Level("wants", 1, "asks"), model.Level("avoids", -1, "against")), kind="words"),
        model.Issue("trade", "Trade", "To be had.", True, (
            model.Level("opens", 3, "asks"), model.Level("waits", 0, "neither"),
            model.Level("closes", -1, "against")), kind="words"),
    ),
    vocabulary=(
        model.Term("attribution", "direct", "own text", 1, ("we",)),
        model.Term("attribution", "quoted", "own words", 2),
        model.Term("attribution", "reported", "told", 3),
        model.Term("attribution", "third_party", "ascribed", 4),
        model.Term("confidence", "high", "plain", 1),
        model.Term("confidence", "medium", "one", 2),
        model.Term("confidence", "low", "two", 3),
    ),
)  # fmt: skip

# Any text that a person could write: no control characters, no lone surrogates, not blank.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
words = st.from_regex(r"[a-z]{1,8}( [a-z0-9]{1,5}){0,2}", fullmatch=True)
prose = st.one_of(texts, st.lists(words, min_size=1, max_size=3).map(lambda w: ". A".join(w) + "."))
identifiers = st.from_regex(r"[a-z]{1,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
days = st.dates(datetime.date(1800, 1, 1), datetime.date(2200, 12, 31))
addresses = st.sampled_from(["https://example.org/a", "http://example.org/ä?b=c#d"])
items = st.from_regex(r"Q[1-9][0-9]{0,5}", fullmatch=True)
digests = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)

# Few, close dates, so that occasions coincide, touch and overlap.
DATES = tuple(
    StatedDate.parse(*arguments)
    for arguments in (
        ("2021-10-19",), ("2021-10-20",), ("2021-10-21",), ("[2021-10-20..2021-10-20]",), ("2021-10",),
        ("2021",), ("2021", "lasting"), ("2021-10", "lasting"), ("2021-10-19/2021-10-20",),
        ("2021-10-20/2021-10-21",), ("2021-09-01/2021-10-20",), ("[2021-10-19..2021-10-20]",),
        ("[2021-08-15..2021-10-20]",), ("2021-08-15/2021-12-31",), ("2021-11-02",),
    )
)  # fmt: skip
stated_dates = st.sampled_from(DATES)
# Dates of documents and events have the kind that their text implies.
plain_dates = st.sampled_from([d for d in DATES if StatedDate.parse(d.text).kind == d.kind])

levels = st.builds(model.Level, words, st.integers(-2, 2), texts)
aspects = st.builds(model.Aspect, words, texts)
terms = st.builds(
    model.Term,
    words,
    words,
    texts,
    st.none() | st.integers(1, 9),
    st.lists(words, max_size=2).map(tuple),
)
exemptions = st.builds(model.Exemption, words, texts)
names = st.builds(
    model.Name, texts, words, st.sampled_from(["en", "ru"]), st.none() | days, st.none() | days
)
holders = st.builds(model.Holder, identifiers, st.sampled_from(["party", "dissociates"]))
conditions = st.builds(
    model.Condition, texts, st.none() | st.sampled_from(["recognition", "aid"]), st.none() | words,
    st.none() | plain_dates, st.none() | identifiers,
)  # fmt: skip
codes = st.builds(
    model.Code, words, words, st.none() | words, st.none() | days, st.none() | days
).filter(lambda code: code.scheme != "wikidata")
roles = st.builds(
    model.Role, words, identifiers, st.none() | texts, st.none() | days, st.none() | days,
    st.none() | identifiers, st.none() | addresses,
)  # fmt: skip
participations = st.builds(
    model.Participation, identifiers, words, identifiers, st.none() | identifiers, st.none() | texts
)
issues = st.builds(
    model.Issue, words, texts, texts, st.booleans(),
    st.lists(levels, min_size=1, max_size=3, unique_by=lambda v: v.name).map(tuple),
    st.lists(aspects, max_size=2, unique_by=lambda a: a.aspect).map(tuple),
    kind=st.sampled_from(["words", "deeds"]),
)  # fmt: skip


def _term_key(term: model.Term) -> tuple[str, str]:
    return (term.field, term.value)


codebooks = st.builds(
    model.Codebook,
    st.lists(issues, min_size=1, max_size=3, unique_by=lambda i: i.issue_id).map(tuple),
    st.lists(terms, max_size=4, unique_by=_term_key).map(
        lambda found: tuple(sorted(found, key=lambda term: term.field))
    ),
    st.lists(
        st.builds(model.BoundaryCase, texts, st.lists(words, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
    st.lists(
        st.builds(model.Coder, identifiers, texts, st.none() | words, st.none() | texts),
        max_size=2,
        unique_by=lambda coder: coder.coder,
    ).map(tuple),
)


def _tuples(strategy: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def _codes(wikidata: str | None, others: list[model.Code]) -> tuple[model.Code, ...]:
    own = (model.Code("wikidata", wikidata),) if wikidata else ()
    return own + tuple(others)


all_codes = st.builds(
    _codes, st.none() | items, st.lists(codes, max_size=2, unique_by=lambda c: (c.scheme, c.code))
)
exempted = st.lists(exemptions, max_size=1).map(tuple)
actors = st.builds(
    model.Actor, identifiers, texts, words, st.none() | texts, st.none() | days, st.none() | days,
    st.lists(names, max_size=2, unique_by=lambda n: n.name).map(tuple), all_codes, _tuples(roles),
    exempted,
)  # fmt: skip
events = st.builds(
    model.Event, identifiers, texts, plain_dates, st.none() | words, st.none() | words, st.none() | words,
    _tuples(participations), exempted, st.none() | identifiers, st.none() | addresses,
    st.none() | prose,
)  # fmt: skip
speakers = st.builds(
    model.SilentSpeaker, identifiers, identifiers, st.none() | digests,
    st.none() | st.integers(0, 10**6), st.none() | addresses,
)  # fmt: skip
coverages = st.builds(
    model.Coverage, identifiers, texts, days, days, prose, prose, words, st.none() | addresses,
    st.none() | prose,
    st.lists(speakers, max_size=4, unique_by=lambda s: (s.event_id, s.actor_id)).map(tuple),
)  # fmt: skip
reads = st.sampled_from([None, "whole", "beginning"])


@st.composite
def codings(draw: st.DrawFn, coder: str, document_id: str) -> model.Coding:
    """A blind coding, with or without the digest of the text that was read."""
    anchored = draw(st.booleans())
    return model.Coding(
        coder, document_id, draw(reads), draw(st.none() | days), draw(digests) if anchored else None,
        draw(st.integers(0, 10**6)) if anchored else None, draw(st.none() | prose),
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, document_id: str | None = None) -> model.Document:
    """A document, anchored or cited."""
    anchored = draw(st.booleans())
    optional = st.none() | texts
    return model.Document(
        document_id or draw(identifiers), draw(texts), draw(texts), draw(words), "en",
        draw(plain_dates), draw(words), draw(days), draw(optional), draw(st.none() | addresses),
        draw(st.none() | identifiers), draw(digests) if anchored else None,
        draw(st.integers(0, 10**6)) if anchored else None, draw(st.none() | prose), draw(exempted),
        tuple(draw(st.lists(identifiers, max_size=2, unique=True))), draw(reads),
        draw(st.sampled_from([None, "as_published", "withdrawn"])), draw(st.none() | days),
        draw(st.none() | identifiers), draw(st.none() | identifiers),
        draw(st.sampled_from([None, "CC0-1.0", "public-domain"])),
    )  # fmt: skip


@st.composite
def evidences(draw: st.DrawFn, document: model.Document) -> model.Evidence:
    """A span with its digest, or a locator."""
    if draw(st.booleans()):
        start = draw(st.integers(0, 10**6))
        end = start + draw(st.integers(1, 100))
        return model.Evidence(
            document.document_id, start, end, draw(digests), None, document.sha256
        )
    return model.Evidence(document.document_id, None, None, None, draw(texts), document.sha256)


@st.composite
def stances(
    draw: st.DrawFn, document: model.Document, number: int, actor_ids: tuple[str, ...] = (),
    event_ids: tuple[str, ...] = (), coder: str | None = None,
) -> model.Stance:  # fmt: skip
    """A stance of a document, its actors and event from those given."""
    issue = draw(st.sampled_from(CODEBOOK.issues))
    level = draw(st.none() | st.sampled_from(issue.levels))
    someone = st.sampled_from(actor_ids) if actor_ids else identifiers
    chosen = draw(st.lists(someone, min_size=1, max_size=3, unique=True))
    parts = [
        model.Holder(a, draw(st.sampled_from(["party", "party", "dissociates"]))) for a in chosen
    ]
    attribution = draw(st.sampled_from(["direct", "quoted", "reported", "third_party"]))
    optional = st.none() | someone
    event = st.none() | (st.sampled_from(event_ids) if event_ids else identifiers)
    local = f"{document.document_id}#s{number:02}"
    return model.Stance(
        local, document.document_id, issue.issue_id, level.name if level else "ambiguous",
        level.level if level else None, draw(words), attribution, draw(stated_dates),
        draw(st.sampled_from(["high", "medium", "low"])), draw(prose), tuple(parts),
        tuple(draw(st.lists(evidences(document), min_size=1, max_size=2))),
        draw(optional),
        tuple(draw(st.lists(someone, min_size=1, max_size=2, unique=True)))
        if attribution == "third_party" else (),
        draw(optional),
        draw(st.sampled_from([None, None, None, "most"])), draw(st.none() | words), draw(event),
        draw(st.none() | prose),
        tuple(a.aspect for a in issue.aspects if draw(st.booleans())),
        draw(_tuples(conditions)), draw(exempted), coder,
        draw(st.sampled_from([None, local])) if coder else None, draw(st.none() | prose) if coder else None,
    )  # fmt: skip


@st.composite
def contents(draw: st.DrawFn, codebook: model.Codebook = CODEBOOK) -> model.Content:
    """A consistent content: all references exist, and few ids, so that they are shared."""
    actor_ids = ("ada", "ben", "cyd", "dov")
    made_actors = [draw(_actor(a)) for a in actor_ids]
    event_ids = ("talks", "vote")
    made_events = [draw(_event(e)) for e in event_ids]
    document_ids = [f"doc-{n}" for n in range(1, draw(st.integers(1, 3)) + 1)]
    made_documents = [draw(_document(d, document_ids)) for d in document_ids]
    published = [
        draw(stances(d, n, actor_ids, event_ids))
        for d in made_documents
        for n in range(1, draw(st.integers(0, 4)) + 1)
    ]
    made_codings = [
        draw(codings(coder, document_id))
        for coder in ("coder-1", "coder-2", "coder-3")
        for document_id in document_ids
        if draw(st.booleans())
    ]
    by_id = {document.document_id: document for document in made_documents}
    blind = [
        draw(stances(by_id[c.document_id], n, actor_ids, event_ids, c.coder))
        for c in made_codings
        for n in range(1, draw(st.integers(0, 1)) + 1)
    ]
    blind.sort(key=lambda stance: (stance.stance_id, stance.coder or ""))
    return model.Content(
        codebook, tuple(made_actors), tuple(made_events), tuple(made_documents), tuple(published),
        tuple(blind), tuple(made_codings), draw(_coverage()),
    )  # fmt: skip


def _coverage() -> st.SearchStrategy[tuple[model.Coverage, ...]]:
    listed = st.lists(coverages, max_size=2, unique_by=lambda c: c.coverage_id)
    return listed.map(lambda found: tuple(sorted(found, key=lambda c: c.coverage_id)))


CONDITIONS = (
    (), (), (), (model.Condition("c"),),
    (model.Condition("c", "aid", "met", DATES[2], "doc-1"), model.Condition("d", None, "unmet", DATES[4])),
)  # fmt: skip
PLAIN_EVIDENCE = (model.Evidence("doc-1", locator="paragraph 1"),)


# Dates that tie by one day but not the other, or by both but not by their kind.
TIES = tuple(
    StatedDate.parse(*arguments)
    for arguments in (
        ("2021-10-20",), ("[2021-10-20..2021-10-20]",), ("[2021-10-20..2021-10-31]",), ("2021-10-31",),
        ("[2021-10-31..2021-10-31]",), ("2021-10-20/2021-10-31",), ("2021-10", "lasting"), ("2021-10",),
        ("2021-10-01/2021-10-20",),
    )
)  # fmt: skip


def tied() -> st.SearchStrategy[model.Content]:
    """A content with many stances on few occasions that nearly tie."""
    return questions(st.sampled_from(TIES), 14, 24, 2, (4, 7))


def crowded() -> st.SearchStrategy[model.Content]:
    """Many stances on adjacent occasions, so that each step of aggregation matters."""
    return questions(st.sampled_from([*TIES[:5], TIES[7]]), 20, 36, 2, (1, 3))


NEIGHBOURS = (*TIES[1:3], *TIES[4:8])
LONG = StatedDate.parse("2021-10")


def neighbours() -> st.SearchStrategy[model.Content]:
    """A content of occasions that differ only in a day or kind; only reports are dropped.

    One holder speaks for itself, with high confidence, at month-long events, whose days do not count.
    """
    return questions(st.sampled_from(NEIGHBOURS), 16, 28, 1, (3, 5)).map(_plainly)


def _plainly(content: model.Content) -> model.Content:
    sure: dict[str, Any] = {
        "confidence": "high",
        "quantifier": None,
        "holders": (model.Holder("ada", "party"),),
    }
    return attrs.evolve(
        content,
        events=tuple(attrs.evolve(event, held_on=LONG) for event in content.events),
        stances=tuple(attrs.evolve(stance, **sure) for stance in content.stances),
    )


@st.composite
def questions(
    draw: st.DrawFn, stated: st.SearchStrategy[StatedDate] = stated_dates, least: int = 0,
    most: int = 12, most_issues: int = 4, dates_in_one: tuple[int, int] = (1, 4),
) -> model.Content:  # fmt: skip
    """A content that varies only in what affects positions: fast to make, rich in ties.

    Dates tie and touch; holders are alone, joint, or dissociate themselves; documents copy
    each other, even in circles; events last a day, a few days or a month.
    """
    end = st.sampled_from([None, None, datetime.date(2021, 10, 20), datetime.date(2021, 12, 1)])
    first, day = datetime.date(2021, 10, 1), datetime.date(2021, 10, 20)
    governs = model.Role("governs", "ada", None, day, None)
    others = (
        model.Role("governs", "ada", None, None, day), model.Role("governs", "cyd", None, None, day),
        model.Role("hosts", "ada", None, first, None), model.Role("fights", "cyd"),
    )  # fmt: skip
    made_actors = (
        model.Actor("ada", "Ada", "state", valid_to=draw(end),
                    codes=(model.Code("iso3166-1-alpha3", "ADA"),)),
        model.Actor("ben", "Ben", "movement", valid_to=draw(end),
                    roles=draw(st.sampled_from([(), (governs,), others[:1], others[1:], others]))),
        model.Actor("cyd", "Cyd", "state", codes=(model.Code("iso3166-1-alpha3", "ACD"),)),
    )  # fmt: skip
    made_events = tuple(
        model.Event(event_id, event_id, draw(plain_dates)) for event_id in ("talks", "vote")
    )
    ids = ("doc-1", "doc-2", "doc-3")
    made_documents = tuple(
        model.Document(d, d, "p", "news", "en", DATES[2], "c", datetime.date(2026, 1, 1),
                       derived_from=draw(st.sampled_from([None, None, *ids])))
        for d in ids
    )  # fmt: skip
    count = draw(st.integers(least, most))
    # Few dates and issues in one dataset, so that stances share occasions.
    few, many = dates_in_one
    dates = draw(st.lists(stated, min_size=few, max_size=many))
    about = draw(st.sampled_from([CODEBOOK.issues[: min(n, most_issues)] for n in (1, 2, 4)]))
    made = [draw(_plain_stance(ids, number, dates, about)) for number in range(1, count + 1)]
    made.sort(key=lambda stance: stance.stance_id)
    return model.Content(CODEBOOK, made_actors, made_events, made_documents, tuple(made))


@st.composite
def _plain_stance(
    draw: st.DrawFn, ids: tuple[str, ...], number: int, dates: list[StatedDate],
    about: tuple[model.Issue, ...],
) -> model.Stance:  # fmt: skip
    document = draw(st.sampled_from(ids))
    issue = draw(st.sampled_from(about))
    level = draw(st.sampled_from([None, *issue.levels]))
    parties = draw(
        st.sampled_from([("ada",), ("ada",), ("ben",), ("ada", "ben"), ("cyd", "ada", "ben")])
    )
    last = draw(st.sampled_from(["party", "party", "party", "dissociates"]))
    roles_ = ["party"] * (len(parties) - 1) + [last]
    return model.Stance(
        f"{document}#s{number:02}", document, issue.issue_id, level.name if level else "ambiguous",
        level.level if level else None, "states",
        draw(st.sampled_from(["direct", "quoted", "reported", "reported", "third_party"])),
        draw(st.sampled_from(dates)), draw(st.sampled_from(["high", "medium", "low"])), "s",
        tuple(map(model.Holder, parties, roles_)), PLAIN_EVIDENCE,
        quantifier=draw(st.sampled_from([None, None, None, None, "most"])),
        event_id=draw(st.sampled_from([None, None, "talks", "vote"])),
        conditions=draw(st.sampled_from(CONDITIONS)),
    )  # fmt: skip


def _renamed(record: Any, **changes: object) -> Any:
    return attrs.evolve(record, **changes)


def _actor(actor_id: str) -> st.SearchStrategy[model.Actor]:
    end = st.sampled_from([None, None, datetime.date(2021, 10, 20), datetime.date(2021, 12, 1)])
    governs = st.sampled_from(
        [(), (model.Role("governs", "ada", None, datetime.date(2021, 10, 20), None),)]
    )
    return st.builds(
        functools.partial(_renamed, exemptions=()), actors, actor_id=st.just(actor_id), valid_to=end,
        roles=governs,
    )  # fmt: skip


def _event(event_id: str) -> st.SearchStrategy[model.Event]:
    return st.builds(functools.partial(_renamed, event_id=event_id), events)


def _document(document_id: str, others: list[str]) -> st.SearchStrategy[model.Document]:
    source = st.sampled_from([None, None, *others])
    return st.builds(_renamed, documents(document_id), derived_from=source)
