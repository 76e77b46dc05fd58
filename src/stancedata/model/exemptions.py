"""Exemptions: rules that are waived for one record, called silences before schema 2."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen
class Exemption:
    """A rule waived for one record, and the reason."""

    rule: str
    reason: str


Silence = Exemption
"""Deprecated: the name of `Exemption` before schema 2."""


class Exempt:
    """A mixin: the deprecated name of the field `exemptions`."""

    __slots__ = ()
    exemptions: tuple[Exemption, ...]

    @property
    def silences(self) -> tuple[Exemption, ...]:
        """The exemptions; deprecated, because silence is now something that is not said."""
        _deprecate(type(self).__name__, "silences", "exemptions")
        return self.exemptions


def renamed(**names: str) -> Callable[[type[T]], type[T]]:
    """Let the constructor of a class accept deprecated names of its arguments.

    Args:
        **names: The present name of each argument, by its deprecated one.
    """

    def wrap(kind: type[T]) -> type[T]:
        build: Any = kind.__init__

        @functools.wraps(build)
        def built(self: Any, *args: Any, **given: Any) -> None:
            for old in names.keys() & given.keys():
                _deprecate(kind.__name__, old, names[old])
                given[names[old]] = given.pop(old)
            build(self, *args, **given)

        setattr(kind, "__init__", built)  # noqa: B010
        return kind

    return wrap


def _deprecate(kind: str, old: str, new: str) -> None:
    what = f"{kind}.{old} is deprecated and goes in the next version; use {new}"
    warnings.warn(what, DeprecationWarning, stacklevel=3)


def exempted(exemptions: Iterable[Exemption]) -> str:
    """Format the rules waived for a record, for the last line of its printed form."""
    rules = ", ".join(exemption.rule for exemption in exemptions)
    return rules and f"exempt from: {rules}"
