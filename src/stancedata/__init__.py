"""Diplomatic actors and the positions they have stated, each traced to its very words.

Start with `stancedata.load()`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancedata.dataset import Dataset
    from stancedata.dataset.folders import check, read
    from stancedata.dataset.packaged import load
    from stancedata.model import (
        Actor,
        Codebook,
        Condition,
        Document,
        Event,
        Evidence,
        Holder,
        Issue,
        Level,
        Position,
        Stance,
    )
    from stancedata.model.corpus import Corpus
    from stancedata.model.dates import DateError, StatedDate
    from stancedata.problems import InvalidDataError, Problem, StancedataError, UnknownIdError
    from stancedata.questions.complete import complete
    from stancedata.releases.changes import Change, Changes
    from stancedata.releases.revisions import Release
    from stancedata.reliability.figures import Reliability

# Loaded when first asked for: importing the package costs next to nothing, and no more than
# what is used is ever loaded.
_HOMES = {
    "dataset": ("Dataset",),
    "dataset.folders": ("check", "read"),
    "model.dates": ("DateError", "StatedDate"),
    "model.corpus": ("Corpus",),
    "rules.verification": ("Verification",),
    "model": ("Actor", "Codebook", "Condition", "Document", "Event", "Evidence", "Holder", "Issue",
              "Level", "Position", "Stance"),
    "dataset.packaged": ("load",),
    "questions.complete": ("complete",),
    "releases.changes": ("Change", "Changes"),
    "releases.revisions": ("Release",),
    "reliability.figures": ("Reliability",),
    "problems": ("InvalidDataError", "Problem", "StancedataError", "UnknownIdError"),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = [  # noqa: RUF022 - in the order in which people meet them
    "load", "read", "check", "complete", "Dataset", "Corpus", "Verification",
    "Actor", "Issue", "Level", "Document", "Event", "Stance", "Holder", "Condition", "Evidence",
    "Position", "Codebook", "StatedDate", "Release", "Change", "Changes", "Reliability",
    "StancedataError", "InvalidDataError", "UnknownIdError", "DateError", "Problem",
    "__version__",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'stancedata' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"stancedata.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
