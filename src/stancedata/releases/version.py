"""Versions of the data: three numbers that compare numerically."""

from __future__ import annotations

import re

import attrs

from stancedata.problems import StancedataError, shown

EDITED = "+edited"
"""The suffix of the version of data edited since that release."""


@attrs.frozen(order=True)
class Version:
    """A version of the data: `0.10.0` comes after `0.9.0`."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Parse a version.

        Raises:
            StancedataError: If the text is not three numbers separated by dots.
        """
        # No leading zeros, and numbers short enough for a file name.
        if not re.fullmatch(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}", text, re.ASCII):
            raise StancedataError(
                f"version: must be three numbers separated by dots, got {shown(text)}; write it as 0.1.0"
            )
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


WORKING_COPY = "0.0.0" + EDITED
"""The version of data that were never released."""
