"""Numbers for periods and holders, and their names again.

Of every two holders there is a row for each period. Texts that so many rows repeat are put to them
last and by place, which takes a tenth of the time that a query takes to join, sort and hand them on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

STANDING = ("period", "actor_id", "actor_name", "issue_id", "level", "own")
"""The columns of `as_of` that tell how near holders stand to each other."""


class Numbered:
    """Rows of `as_of` whose periods and holders are their places in the order of their texts.

    Args:
        standing: Such rows, with the columns of `STANDING` or more.

    Attributes:
        table: The rows, with the places in `period` and `holder`.
    """

    def __init__(self, standing: pa.Table) -> None:
        import pyarrow as pa

        names = standing.select(["actor_id", "actor_name"]).group_by("actor_id")
        self._holders = names.aggregate([("actor_name", "min")]).sort_by("actor_id")
        periods = standing.select(["period"]).group_by("period")
        self._periods = periods.aggregate([]).sort_by("period")
        columns: dict[str, Any] = {
            "period": _places(standing, self._periods, "period"),
            "holder": _places(standing, self._holders, "actor_id"),
        }
        kept = ("actor_id", "issue_id", "level", "own")
        self.table = pa.table(columns | {name: standing.column(name) for name in kept})

    def named(self, found: pa.Table) -> pa.Table:
        """An answer with the texts in place of the numbers."""
        texts = {"period": self._periods.column("period").take(found.column("period"))}
        for end in (1, 2):
            places = found.column(f"holder_{end}")
            texts[f"actor_id_{end}"] = self._holders.column("actor_id").take(places)
            texts[f"actor_name_{end}"] = self._holders.column("actor_name_min").take(places)
        measures = ("shared", "shared_own", "similarity", "like_signs")
        return type(found).from_pydict(texts | {name: found.column(name) for name in measures})


def _places(rows: pa.Table, known: pa.Table, name: str) -> Any:
    import pyarrow.compute as pc

    compute: Any = pc  # what is known of its functions lacks this one
    return compute.index_in(rows.column(name), known.column(name).combine_chunks())
