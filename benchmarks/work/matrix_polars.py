"""Positions as of many days, in polars with `join_asof`.

Which of two positions stands does not depend on the day: sorted by the day from which positions
count, the best so far is a running maximum, which `join_asof` looks up for each day.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
from polars import col

PAIR = ["actor_id", "issue_id"]
_DECIDING = [*PAIR, "kind", "level", "date_kind", "stated_earliest", "stated_latest", "stance_id"]
_LASTING = col("date_kind") == "lasting"


def matrix(folder: Path, days: list[datetime.date]) -> pl.DataFrame:
    """Return the position of each holder on each issue as of each day."""
    scan = pl.scan_parquet(folder / "positions.parquet").with_row_index("row")
    positions = _in_order(scan.select("row", *_DECIDING).collect(engine="streaming"))
    best = _standing(positions, pl.DataFrame({"on_day": days}).set_sorted("on_day"))
    ends = pl.scan_parquet(folder / "actors.parquet").select("actor_id", "valid_to").collect()
    winners = best.with_columns(row=positions["row"].gather(best["place"])).join(
        ends, on="actor_id"
    ).filter(col("valid_to").is_null() | (col("valid_to") >= col("on_day")))  # fmt: skip
    wanted = winners.select("row").unique().lazy()
    found = scan.join(wanted, on="row", how="semi").collect(engine="streaming")
    joined = winners.select("on_day", "row").join(found, on="row")
    return joined.drop("row").sort("on_day", *PAIR)


def _in_order(positions: pl.DataFrame) -> pl.DataFrame:
    """Sort positions so that of two that count, the later one stands; number their places."""
    rung = pl.when(col("kind") == "deeds").then(col("level").fill_null(-9)).otherwise(0)
    sort = col("date_kind").replace_strict({"uncertain": 0, "lasting": 1, "day": 2})
    keys = (rung, "stated_earliest", "stated_latest", sort, "stance_id")
    ordered = positions.sort(*keys, descending=[False, False, True, False, True])
    return ordered.with_row_index("place").with_columns(col("place").cast(pl.Int64))


def _standing(positions: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the place of the position of each holder on each issue that stands on each day."""
    begin = pl.when(_LASTING).then("stated_earliest").otherwise("stated_latest")
    so_far = positions.select(*PAIR, "place", begin=begin).sort("begin").with_columns(
        col("place").cum_max().over(PAIR)
    )  # fmt: skip
    pairs = positions.select(PAIR).unique()
    grid = asked.join(pairs, how="cross").set_sorted("on_day")
    found = grid.join_asof(
        so_far, left_on="on_day", right_on="begin", by=PAIR, check_sortedness=False
    )
    return found.select("on_day", *PAIR, "place").drop_nulls()
