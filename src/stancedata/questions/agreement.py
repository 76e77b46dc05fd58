"""Join the names of holders and periods to the numbers that `agreement` answers with.

Its rows are many, and all say the same few texts. To put them there by place takes a tenth of the
time that a query takes to join them and hand them on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

STANDING = ("period", "actor_id", "actor_name", "issue_id", "level", "own")
"""The columns of `as_of` that tell how near holders stand to each other."""
_MEASURES = ("shared", "shared_own", "similarity", "like_signs")
MEASURED = ("period_place", "place_1", "place_2", *_MEASURES)
"""The columns of `agreement` that are no texts."""


def named(found: pa.Table, standing: pa.Table) -> pa.Table:
    """An answer with texts in place of numbers, which are their places among all that stood.

    Args:
        found: Rows with the columns of `MEASURED`.
        standing: Of what they were made: rows with the columns of `STANDING`.
    """
    periods = standing.select(["period"]).group_by("period").aggregate([]).sort_by("period")
    names = standing.select(["actor_id", "actor_name"]).group_by("actor_id")
    holders = names.aggregate([("actor_name", "min")]).sort_by("actor_id")
    texts = {"period": periods.column("period").take(found.column("period_place"))}
    for end in (1, 2):
        places = found.column(f"place_{end}")
        texts[f"actor_id_{end}"] = holders.column("actor_id").take(places)
        texts[f"actor_name_{end}"] = holders.column("actor_name_min").take(places)
    return type(found).from_pydict(texts | {name: found.column(name) for name in _MEASURES})
