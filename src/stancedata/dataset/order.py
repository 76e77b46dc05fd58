"""One order of arguments, holder, issue, day; the orders of 0.1 are accepted with a warning."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from stancedata.problems import StancedataError
from stancedata.questions.arguments import is_day

if TYPE_CHECKING:
    from stancedata.dataset.collection import Collection
    from stancedata.dataset.record_collections import Records

Method = TypeVar("Method", bound=Callable[..., Any])
Arguments = Sequence[Any]


def holder_first(
    *old: str, when: Callable[[Records, Arguments], bool]
) -> Callable[[Method], Method]:
    """Accept positional arguments in the order that a method had in 0.1.

    Args:
        *old: The names of the arguments in that order.
        when: Returns whether positional arguments are in that order.
    """

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def call(self: Records, *args: Any, **named: Any) -> Any:
            if not when(self, args):
                return method(self, *args, **named)
            warnings.warn(
                f"{method.__name__}: this order of arguments is deprecated and goes in the next "
                "version: give the holder first, then issue and on, or name them",
                DeprecationWarning,
                stacklevel=2,
            )
            return method(self, **dict(zip(old, args, strict=False)), **named)

        return cast(Method, call)

    return decorate


def day_first(_: Records, args: Arguments) -> bool:
    """Return whether a day, or several, stands where the holder is expected."""
    if not args:
        return False
    if args[0] is None:
        return len(args) > 2 and args[2] is not None and not _are_days(args[2])
    return _are_days(args[0])


def issue_first(dataset: Records, args: Arguments) -> bool:
    """Return whether an issue stands where the holder is expected."""
    first, second, *_ = (*args, None, None)
    if first is None:
        return _knows(dataset.actors, second) and not _knows(dataset.issues, second)
    return _knows(dataset.issues, first) and not _knows(dataset.actors, first)


def issue_second(dataset: Records, args: Arguments) -> bool:
    """Return whether an issue, then a day, stand where holder and issue are expected."""
    return issue_first(dataset, args[1:]) or (len(args) > 2 and is_day(args[2]))


def _are_days(value: object) -> bool:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return several or is_day(value)


def _knows(records: Collection[Any], name: Any) -> bool:
    if name is None:
        return False
    try:
        records.resolve(name)
    except StancedataError:
        return False
    return True
