"""The values that synthetic stances choose from: the real codebook, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from benchmarks.made.texts import Numbers, words
from benchmarks.made.world import HOLDERS


@attrs.frozen(eq=False)
class Codebook:
    """Values of stances: level names and numbers by issue, aspects by issue."""

    issues: pa.Array[Any]
    levels: pa.Array[Any]
    numbers: Numbers
    aspects: pa.Array[Any]
    first_aspect: Numbers
    aspect_count: Numbers
    acts: pa.Array[Any]
    quantifiers: pa.Array[Any]
    usual: Numbers

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], seed: int) -> Codebook:
        """Read the values from the tables of a dataset."""
        issues: list[Any] = tables["issues"].column("issue_id").to_pylist()
        levels = sorted(tables["levels"].to_pylist(), key=lambda r: (r["issue_id"], r["level"]))
        aspects = sorted((r["issue_id"], r["aspect"]) for r in tables["aspects"].to_pylist())
        counts = np.array([sum(i == issue for i, _ in aspects) for issue in issues])
        terms = [(r["field"], r["value"]) for r in tables["vocabulary"].to_pylist()]
        usual = np.random.default_rng(seed).integers(0, 5, (HOLDERS, len(issues)))
        return cls(
            words(*issues), words(*(r["level_name"] for r in levels), "ambiguous"),
            np.array([*(r["level"] for r in levels), 0]), words(*(a for _, a in aspects)),
            np.cumsum(counts) - counts, counts, words(*(v for f, v in terms if f == "act")),
            words(*(v for f, v in terms if f == "quantifier")), usual,
        )  # fmt: skip
