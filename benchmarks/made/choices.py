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
    """Values of stances: level names and numbers by issue, aspects by issue.

    There are no steps down: issues of deeds have only rungs, and no stance ends one.
    """

    issues: pa.Array[Any]
    levels: pa.Array[Any]
    numbers: Numbers
    first_level: Numbers
    level_count: Numbers
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
        deeds = {r["issue_id"] for r in tables["issues"].to_pylist() if r["kind"] == "deeds"}
        rows = [
            r for r in tables["levels"].to_pylist() if r["level"] > 0 or r["issue_id"] not in deeds
        ]
        levels = sorted(rows, key=lambda r: (r["issue_id"], r["level"]))
        scales = np.array([sum(r["issue_id"] == issue for r in rows) for issue in issues])
        aspects = sorted((r["issue_id"], r["aspect"]) for r in tables["aspects"].to_pylist())
        counts = np.array([sum(i == issue for i, _ in aspects) for issue in issues])
        terms = [(r["field"], r["value"]) for r in tables["vocabulary"].to_pylist()]
        usual = np.random.default_rng(seed).integers(0, scales, (HOLDERS, len(issues)))
        return cls(
            words(*issues), words(*(r["level_name"] for r in levels), "ambiguous"),
            np.array([*(r["level"] for r in levels), 0]), np.cumsum(scales) - scales, scales, words(*(a for _, a in aspects)),
            np.cumsum(counts) - counts, counts, words(*(v for f, v in terms if f == "act" and v != "ends")),
            words(*(v for f, v in terms if f == "quantifier")), usual,
        )  # fmt: skip
