"""Every rule finds its fault, wherever it is injected, and finds nothing else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancedata import model
from stancedata.problems import Place
from stancedata.rules import characters
from stancedata.rules import runner as rules
from stancedata.rules.rule import all_rules
from stancedata.tables.rows import to_tables
from tests.support import inject_records, inject_references, inject_stances, inject_texts
from tests.support.choices import Choices, choices
from tests.support.injection import INJECTORS, Hand, Injector, Spoilt, Spot, inject
from tests.support.side_by_side import gather, merged
from tests.support.soundness import own_texts
from tests.support.valid import valid_contents

# Each of these registers its injectors.
WAYS = (inject_records, inject_references, inject_stances, inject_texts)
RULES = tuple(sorted([*(r.name for r in all_rules()), *characters.RULES, "idle_silence"]))
LONG = 60
TOGETHER = 30  # contents with several faults each, in one check
Found = dict[str, set[Spot]]
"""What rules say of one content: the spots by the name of the rule."""
examples = st.tuples(valid_contents(), choices(3000))


def check(contents: Sequence[model.Content]) -> list[Found]:
    """What the rules find in each of some contents of one codebook, asked once for all of them."""
    together = merged(contents, own_texts)
    problems = rules.check(
        to_tables(together), lambda kind, record_id, field: (Place(f"{kind} {record_id}"), field)
    )
    found: list[Found] = [defaultdict(set) for _ in contents]
    for problem in problems:
        kind, _, record_id = problem.where.file.partition(" ")
        number = re.search(r"(?:^|/)c(\d+)-", record_id)
        for one in [found[int(number[1])]] if number else found:  # the codebook is that of all
            plain = re.sub(r"(^|/)c\d+-", r"\1", record_id)
            one[problem.rule].add((kind, plain, problem.field))
    return found


def test_every_rule_has_an_injector() -> None:
    """No rule is left out, and none is injected that there is not."""
    assert set(RULES) == {rule for rule, ways in INJECTORS.items() if ways}


def check_valid(contents: Sequence[model.Content]) -> None:
    """Nothing is found in valid contents."""
    for start in range(0, len(contents), 100):
        some = contents[start : start + 100]
        for content, found in zip(some, check(some), strict=True):
            assert {} == found, content


def test_valid_contents_are_valid() -> None:
    """Whatever the strategy of valid contents makes, no rule finds anything in it."""
    check_valid(gather(valid_contents(), 40))


@pytest.mark.long
def test_valid_contents_are_valid_at_length() -> None:
    """The same, three thousand times."""
    check_valid(gather(valid_contents(), 3000))


def check_alone(content: model.Content, drawn: Choices) -> int:
    """Each fault alone, in a content of its own: its rule speaks up, there, and no other does."""
    faults = [fault for rule in RULES if (fault := inject(rule, content, Hand(drawn)))]
    for (way, spoilt), found in zip(faults, check([s.content for _, s in faults]), strict=True):
        expect_alone(way, spoilt, found)
    return len(faults)


def expect_alone(way: Injector, spoilt: Spoilt, found: Found) -> None:
    """Its rule speaks up at the very spots, and others only as far as the injector says."""
    what = f"{way.rule}: {dict(found)}\n{spoilt}"
    assert spoilt.spots == found[way.rule], what
    assert found.keys() - {way.rule} <= way.implies, what


@settings(max_examples=2)
@given(examples)
def test_each_fault_alone(example: tuple[model.Content, Choices]) -> None:
    """Each rule finds its fault, on the record that was spoilt, and no other rule fires."""
    check_alone(*example)


@pytest.mark.long
@settings(max_examples=LONG)
@given(examples)
def test_each_fault_alone_at_length(example: tuple[model.Content, Choices]) -> None:
    """The same, some thousands of times."""
    check_alone(*example)


def check_together(content: model.Content, drawn: Choices) -> None:
    """Several faults in each of many contents, on different records: every one is found."""
    many = [several(content, drawn) for _ in range(TOGETHER)]
    for faults, found in zip(many, check([f[-1][1].content for f in many]), strict=True):
        names = {way.rule for way, _ in faults}
        implied = {rule for way, _ in faults for rule in way.implies}
        for way, spoilt in faults:
            hidden = spoilt.spots - found[way.rule]
            assert not hidden, f"{way.rule} hidden among {sorted(names)}: {hidden}\n{spoilt}"
        assert found.keys() <= names | implied, f"{sorted(names)}: {dict(found)}"


def several(content: model.Content, drawn: Choices) -> list[tuple[Injector, Spoilt]]:
    """Two to five faults, each in the content that has those before it."""
    names = [drawn.pick(RULES) for _ in range(2 + drawn.below(4))]
    hand, faults = Hand(drawn), []
    # First the ids: what comes after, must name the records as they are then.
    for name in sorted(dict.fromkeys(names), key=lambda name: name != "id_form"):
        if done := inject(name, content, hand):
            faults.append(done)
            content = done[1].content
    return faults or several(content, Choices(b""))


@settings(max_examples=1)
@given(examples)
def test_no_fault_hides_another(example: tuple[model.Content, Choices]) -> None:
    """Of several faults in one dataset, each is found as if it were alone."""
    check_together(*example)


@pytest.mark.long
@settings(max_examples=LONG)
@given(examples)
def test_no_fault_hides_another_at_length(example: tuple[model.Content, Choices]) -> None:
    """The same, some thousands of times."""
    check_together(*example)


def check_codebook(content: model.Content, drawn: Choices) -> None:
    """A fault of the codebook, which is that of the whole dataset."""
    way = drawn.pick([way for ways in INJECTORS.values() for way in ways if way.codebook])
    spoilt = way.inject(content, Hand(drawn))
    if spoilt is not None:
        (found,) = check([spoilt.content])
        expect_alone(way, spoilt, found)


@settings(max_examples=2)
@given(examples)
def test_a_fault_of_the_codebook(example: tuple[model.Content, Choices]) -> None:
    """What the codebook lists twice or lacks is found, there or where it is used."""
    check_codebook(*example)


@pytest.mark.long
@settings(max_examples=100)
@given(examples)
def test_a_fault_of_the_codebook_at_length(example: tuple[model.Content, Choices]) -> None:
    """The same, a hundred times."""
    check_codebook(*example)


def counted(contents: Iterable[tuple[model.Content, Choices]]) -> Counter[str]:
    """How often each rule could not be broken."""
    return Counter(
        rule
        for content, drawn in contents
        for rule in RULES
        if inject(rule, content, Hand(drawn)) is None
    )


def test_nearly_every_content_can_be_spoilt_in_every_way() -> None:
    """An injector that seldom finds a place would test nothing."""
    failed = counted(gather(examples, 40))
    assert {} == {rule: count for rule, count in failed.items() if count > 16}
