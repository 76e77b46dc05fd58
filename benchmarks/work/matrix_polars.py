"""Positions as of many days, in polars with `join_asof`.

The rank of a position stated on a day, or of a lasting one that is over, no longer changes: sorted by
the day from which positions count, the best so far is a running maximum, which `join_asof` looks up
for each day. A lasting position that is not over ranks with that day, and is added separately.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
from polars import col

PAIR = ["actor_id", "issue_id"]
_DECIDING = [*PAIR, "level", "date_kind", "stated_earliest", "stated_latest", "own", "stance_id"]
_LASTING = col("date_kind") == "lasting"
_PLACES = 2**26


def matrix(folder: Path, days: list[datetime.date]) -> pl.DataFrame:
    """Return the position of each holder on each issue as of each day."""
    scan = pl.scan_parquet(folder / "positions.parquet").with_row_index("row")
    positions = scan.select("row", *_DECIDING).collect(engine="streaming").with_columns(
        place=col("stance_id").rank("ordinal", descending=True).cast(pl.Int64)
    )  # fmt: skip
    asked = pl.DataFrame({"on_day": days}).set_sorted("on_day")
    best = pl.concat([_settled(positions, asked), _lasting(positions, asked)])
    best = best.group_by("on_day", *PAIR).agg(col("strength").max())
    rows = positions.sort("place")["row"].gather(best["strength"] % _PLACES - 1)
    ends = pl.scan_parquet(folder / "actors.parquet").select("actor_id", "valid_to").collect()
    winners = best.select("on_day", "actor_id").with_columns(row=rows).join(ends, on="actor_id").filter(
        col("valid_to").is_null() | (col("valid_to") >= col("on_day"))
    )  # fmt: skip
    wanted = winners.select("row").unique().lazy()
    found = scan.join(wanted, on="row", how="semi").collect(engine="streaming")
    joined = winners.select("on_day", "row").join(found, on="row")
    return joined.drop("row").sort("on_day", *PAIR)


def _settled(positions: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the best of the positions that were stated, or over, by each day."""
    rank_day = pl.when(_LASTING).then("stated_latest").otherwise("stated_earliest")
    so_far = positions.select(*PAIR, "stated_latest", strength=_strength(rank_day)).sort(
        "stated_latest"
    ).with_columns(col("strength").cum_max().over(PAIR))  # fmt: skip
    pairs = positions.select(PAIR).unique()
    grid = asked.join(pairs, how="cross").set_sorted("on_day")
    found = grid.join_asof(
        so_far, left_on="on_day", right_on="stated_latest", by=PAIR, check_sortedness=False
    )
    return found.select("on_day", *PAIR, "strength").drop_nulls()


def _lasting(positions: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the lasting positions that had begun by each day and were not over."""
    now = positions.filter(_LASTING).join_where(
        asked, col("stated_earliest") <= col("on_day"), col("stated_latest") > col("on_day")
    )
    return now.select("on_day", *PAIR, strength=_strength(col("on_day")))


def _strength(rank_day: pl.Expr) -> pl.Expr:
    """Pack the rank of a position into a number, highest first; its last digits are its place."""
    parts = (
        (rank_day.cast(pl.Int32), 2**15), (2**15 - 1 - col("stated_latest").cast(pl.Int32), 2**15),
        (col("own"), 2), (col("level").abs().fill_null(-1) + 1, 4), (col("place"), _PLACES),
    )  # fmt: skip
    strength = pl.lit(0, pl.Int64)
    for value, most in parts:
        strength = strength * most + value.cast(pl.Int64)
    return strength
