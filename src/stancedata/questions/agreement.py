"""Join the names of holders and periods to the integer-coded result of `agreement`.

The result has many rows but few distinct texts: taking these by index in Arrow needs a tenth of
the time that a join in the query needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_MEASURES = ("shared", "shared_own", "similarity", "like_signs")
MEASURED = ("period_place", "place_1", "place_2", *_MEASURES)
"""The columns of `agreement` without the texts."""


def named(found: pa.Table, standing: pa.Table) -> pa.Table:
    """Replace the numbers of periods and holders by their texts.

    Args:
        found: Rows with the columns of `MEASURED`; the numbers are indices into the sorted periods
            and holders of `standing`.
        standing: The rows that were compared.
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
