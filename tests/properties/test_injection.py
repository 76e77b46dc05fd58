"""Every rule finds its injected fault, and reports nothing else."""

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
from tests.support import (
    inject_records,
    inject_references,
    inject_schema_2,
    inject_stances,
    inject_texts,
)
from tests.support.choices import Choices, choices
from tests.support.injection import INJECTORS, Hand, Injector, Spoilt, Spot, inject
from tests.support.side_by_side import gather, merged
from tests.support.soundness import own_texts
from tests.support.valid import valid_contents

# Each of these registers its injectors.
WAYS = (inject_records, inject_references, inject_schema_2, inject_stances, inject_texts)
# Only tables can break `ascriber_first`: records have no other first ascriber.
# Rules of stored tables are tested with folders; generated digests and addresses need no form.
FORMS = tuple(rule for rule in characters.RULES if rule not in characters.OF_TABLES)
RULES = tuple(
    sorted({*(r.name for r in all_rules()), *FORMS, "idle_exemption"} - {"ascriber_first"})
)
LONG = 60
TOGETHER = 30  # contents with several faults each, in one check
Found = dict[str, set[Spot]]
"""The offending spots of one content, by rule."""
examples = st.tuples(valid_contents(), choices(3000))


def check(contents: Sequence[model.Content]) -> list[Found]:
    """Check several contents with one codebook in one run, and return what was found in each."""
    together = merged(contents, own_texts)
    problems = rules.check(
        to_tables(together),
        lambda kind, record_id, field: (Place(f"{kind} {record_id}"), field),
        forms=FORMS,
    )
    found: list[Found] = [defaultdict(set) for _ in contents]
    for problem in problems:
        kind, _, record_id = problem.where.file.partition(" ")
        number = re.search(r"(?:^|/)c(\d+)-", record_id)
        for one in [found[int(number[1])]] if number else found:  # all share the codebook
            plain = re.sub(r"(^|/)c\d+-", r"\1", record_id)
            one[problem.rule].add((kind, plain, problem.field))
    return found


def test_every_rule_has_an_injector() -> None:
    """The injectors cover exactly the existing rules."""
    assert set(RULES) == {rule for rule, ways in INJECTORS.items() if ways}


def check_valid(contents: Sequence[model.Content]) -> None:
    """Assert that valid contents have no problems."""
    for start in range(0, len(contents), 100):
        some = contents[start : start + 100]
        for content, found in zip(some, check(some), strict=True):
            assert {} == found, content


def test_valid_contents_are_valid() -> None:
    """No rule finds a problem in generated valid contents."""
    check_valid(gather(valid_contents(), 40))


@pytest.mark.long
def test_valid_contents_are_valid_at_length() -> None:
    """No rule finds a problem in 3,000 generated valid contents."""
    check_valid(gather(valid_contents(), 3000))


def check_alone(content: model.Content, drawn: Choices) -> int:
    """Inject each fault into its own copy; assert that only its rule fires; return their number."""
    faults = [fault for rule in RULES if (fault := inject(rule, content, Hand(drawn)))]
    for (way, spoilt), found in zip(faults, check([s.content for _, s in faults]), strict=True):
        expect_alone(way, spoilt, found)
    return len(faults)


def expect_alone(way: Injector, spoilt: Spoilt, found: Found) -> None:
    """Assert that the rule fires at exactly these spots, and otherwise only implied rules."""
    what = f"{way.rule}: {dict(found)}\n{spoilt}"
    assert spoilt.spots == found[way.rule], what
    assert found.keys() - {way.rule} <= way.implies, what


@settings(max_examples=2)
@given(examples)
def test_each_fault_alone(example: tuple[model.Content, Choices]) -> None:
    """Each rule finds its fault at the changed record, and no other rule fires."""
    check_alone(*example)


@pytest.mark.long
@settings(max_examples=LONG)
@given(examples)
def test_each_fault_alone_at_length(example: tuple[model.Content, Choices]) -> None:
    """Repeat the short test with many more examples."""
    check_alone(*example)


def check_together(content: model.Content, drawn: Choices) -> None:
    """Inject several faults into each of many copies, and assert that every one is found."""
    many = [several(content, drawn) for _ in range(TOGETHER)]
    for faults, found in zip(many, check([f[-1][1].content for f in many]), strict=True):
        names = {way.rule for way, _ in faults}
        implied = {rule for way, _ in faults for rule in way.implies}
        for way, spoilt in faults:
            hidden = spoilt.spots - found[way.rule]
            assert not hidden, f"{way.rule} hidden among {sorted(names)}: {hidden}\n{spoilt}"
        assert found.keys() <= names | implied, f"{sorted(names)}: {dict(found)}"


def several(content: model.Content, drawn: Choices) -> list[tuple[Injector, Spoilt]]:
    """Inject two to five faults, one after another, into a content."""
    names = [drawn.pick(RULES) for _ in range(2 + drawn.below(4))]
    hand, faults = Hand(drawn), []
    # Change IDs first, because later faults must refer to the new ones.
    for name in sorted(dict.fromkeys(names), key=lambda name: name != "id_form"):
        if done := inject(name, content, hand):
            faults.append(done)
            content = done[1].content
    return faults or several(content, Choices(b""))


@settings(max_examples=1)
@given(examples)
def test_no_fault_hides_another(example: tuple[model.Content, Choices]) -> None:
    """Each of several faults in one dataset is found as if it were alone."""
    check_together(*example)


@pytest.mark.long
@settings(max_examples=LONG)
@given(examples)
def test_no_fault_hides_another_at_length(example: tuple[model.Content, Choices]) -> None:
    """Repeat the short test with many more examples."""
    check_together(*example)


def check_codebook(content: model.Content, drawn: Choices) -> None:
    """Inject a fault into the codebook, and assert that only its rule fires."""
    way = drawn.pick([way for ways in INJECTORS.values() for way in ways if way.codebook])
    spoilt = way.inject(content, Hand(drawn))
    if spoilt is not None:
        (found,) = check([spoilt.content])
        expect_alone(way, spoilt, found)


@settings(max_examples=2)
@given(examples)
def test_a_fault_of_the_codebook(example: tuple[model.Content, Choices]) -> None:
    """Duplicate or missing entries of the codebook are found, there or where they are used."""
    check_codebook(*example)


@pytest.mark.long
@settings(max_examples=100)
@given(examples)
def test_a_fault_of_the_codebook_at_length(example: tuple[model.Content, Choices]) -> None:
    """Faults of the codebook are found in 100 examples."""
    check_codebook(*example)


def counted(contents: Iterable[tuple[model.Content, Choices]]) -> Counter[str]:
    """Count how often no fault could be injected for each rule."""
    return Counter(
        rule
        for content, drawn in contents
        for rule in RULES
        if not all(way.codebook for way in INJECTORS[rule])
        and inject(rule, content, Hand(drawn)) is None
    )


def test_nearly_every_content_can_be_spoilt_in_every_way() -> None:
    """Every injector finds a place in nearly every content; otherwise it would test nothing."""
    failed = counted(gather(examples, 40))
    assert {} == {rule: count for rule, count in failed.items() if count > 16}
