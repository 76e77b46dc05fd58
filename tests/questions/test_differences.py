"""Comparing the documents that report one event."""

from __future__ import annotations

import attrs

import stancedata as sd
from stancedata.questions.differences import differences
from tests.support.paths import REPOSITORY


def test_a_report_need_not_list_the_votes() -> None:
    """Only documents that list votes are compared on them; elsewhere silence is a difference."""
    dataset = sd.read(REPOSITORY)
    stances = list(dataset.stances.values())
    event = dataset.events["midport-2021-10-20"]
    one = "communique-2021-10-20"
    assert len({s.document_id for s in stances if s.event_id == event.event_id}) > 1
    parts = tuple(p for p in event.participants if p.document_id == one)
    actors = {p.actor_id for p in parts}
    meeting = attrs.evolve(event, participants=parts)
    assert actors <= {d.subject for d in differences(meeting, stances)}
    vote = attrs.evolve(meeting, kind="vote")
    assert not actors & {d.subject for d in differences(vote, stances)}
    both = (*parts, attrs.evolve(parts[0], document_id="daily-post-2021-10-21", role="absent"))
    told = differences(attrs.evolve(vote, participants=both), stances)
    assert parts[0].actor_id in {d.subject for d in told}
