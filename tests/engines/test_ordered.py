"""Tables read from disk in key order give the same answers as loaded ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.dataset.folders import from_parquet
from stancedata.engines import ordered
from stancedata.engines.ordered import OrderedTables, row_groups
from stancedata.engines.row_groups import group
from stancedata.tables import parquet
from stancedata.tables.contract import BY_NAME
from stancedata.tables.parquet import TableFile
from stancedata.tables.source import ParquetTables
from tests.support.parquet_folders import lay, partition, write

Question = Callable[[sd.Dataset], object]
QUESTIONS: dict[str, Question] = {
    "positions": lambda ds: ds.positions().to_pylist(),
    "matrix": lambda ds: ds.matrix(on="2021-10-20").to_pylist(),
    "panel": lambda ds: ds.panel("year").to_pylist(),
    "shifts": lambda ds: ds.shifts().to_pylist(),
    "contradictions": lambda ds: ds.contradictions().to_pylist(),
    "conditions": lambda ds: ds.conditions().to_pylist(),
    "agreement": lambda ds: ds.agreement().to_pylist(),
    "voiced_by": lambda ds: ds.voiced_by("sergei-lavrov").to_pylist(),
    "sql": lambda ds: ds.sql("SELECT issue_id, count(*) n FROM stances GROUP BY 1 ORDER BY 1").to_pylist(),
    "sql of two": lambda ds: ds.sql("SELECT count(*) FROM stances JOIN holders USING (stance_id)").to_pylist(),
    "digest": lambda ds: ds.digest,
    "positions_digest": lambda ds: ds.positions_digest,
    "repr": repr,
    "history": lambda ds: ds.history("russia", "recognition"),
    "stance": lambda ds: ds.stances["chintan-2021-10#s01"],
}  # fmt: skip


@pytest.fixture(scope="module", params=["as here", "as others do"])
def parts(
    dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """An export of the packaged data, partitioned by issue, which no test changes."""
    folder = tmp_path_factory.mktemp("parts") / "out"
    if request.param == "as here":
        dataset.export(folder, partition_by="issue_id", panel=False)
    else:
        dataset.export(folder, panel=False)
        partition(folder, ("stances", "positions", "document_silences"), "issue_id")
    return folder


@pytest.fixture
def large(parts: Path) -> sd.Dataset:
    """The packaged data, partitioned by issue, with every table treated as large."""
    return from_parquet(parts, small=0)


def test_every_question_has_the_same_answer(dataset: sd.Dataset, large: sd.Dataset) -> None:
    """Questions, digests and free SQL do not depend on whether a table is loaded."""
    assert large.tables.is_large("stances")
    for name, ask in QUESTIONS.items():
        assert ask(dataset) == ask(large), name


@pytest.mark.parametrize(("kept", "times"), [(0, 3), (10**6, 1)])
def test_a_column_that_is_small_is_read_once(
    dataset: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int, times: int
) -> None:
    """A text column that fits the cache is read once to hash it; the digest is the same."""
    dataset.export(tmp_path / "out", panel=False)
    read: list[tuple[str, ...]] = []

    def note(file: TableFile, columns: Sequence[str]) -> Iterator[pa.Table]:
        read.append((file.table.name, *columns))
        return row_groups(file, columns)

    monkeypatch.setattr(ordered, "row_groups", note)
    assert dataset.digest == OrderedTables(ParquetTables(tmp_path / "out", small=0), kept).digest()
    assert times == read.count(("stances", "summary"))


@pytest.mark.parametrize("partition_by", ["", "issue_id", "actor_id"])
def test_exports_are_alike(
    dataset: sd.Dataset, large: sd.Dataset, tmp_path: Path, partition_by: str
) -> None:
    """A streamed export has the same content, in the same order, as one of loaded tables."""
    dataset.export(tmp_path / "loaded", ("parquet", "csv"), partition_by)
    large.export(tmp_path / "large", ("parquet", "csv"), partition_by)
    assert large.tables.is_large("stances"), "it was loaded"
    names = sorted(p.relative_to(tmp_path / "loaded") for p in (tmp_path / "loaded").rglob("*.*"))
    assert names == sorted(
        p.relative_to(tmp_path / "large") for p in (tmp_path / "large").rglob("*.*")
    )
    for name in names:
        if name.suffix == ".csv":
            assert (tmp_path / "loaded" / name).read_bytes() == (
                tmp_path / "large" / name
            ).read_bytes()
        elif name.suffix == ".parquet":
            one, other = (pq.read_table(tmp_path / f / name, partitioning=None) for f in ("loaded", "large"))  # fmt: skip
            assert one.equals(other, check_metadata=True), name


def test_rows_out_of_order_are_put_in_order(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A large file in another order has the same digest, and is exported in key order."""
    dataset.export(tmp_path / "out", panel=False)
    stances = dataset.tables["stances"]
    backwards = pa.array(range(stances.num_rows - 1, -1, -1), pa.int64())
    version = dataset.tables.schema_version
    write(stances.take(backwards), tmp_path / "out" / "stances.parquet", version, row_group_size=7)
    found = from_parquet(tmp_path / "out", small=10)
    assert found.tables.is_large("stances")
    assert dataset.digest == found.digest
    assert stances.equals(pa.concat_tables(OrderedTables(found.tables).batches("stances")))
    found.export(tmp_path / "again", panel=False)
    assert stances.equals(pq.read_table(tmp_path / "again" / "stances.parquet"))


def test_what_cannot_be_loaded_says_what_to_do(
    dataset: sd.Dataset, large: sd.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading a table that is too large fails with a message, but it can be queried."""
    monkeypatch.setattr(parquet, "MOST_BYTES", 1_000)
    with pytest.raises(sd.InvalidDataError, match=r"stances.*: is too large, got .* use ds\.sql"):
        large.tables["stances"]
    counted = large.sql("SELECT count(*) AS n FROM stances").to_pylist()
    assert [{"n": dataset.tables["stances"].num_rows}] == counted


def test_a_question_of_a_broken_file_is_answered_in_a_sentence(
    dataset: sd.Dataset, tmp_path: Path
) -> None:
    """A file damaged after opening, large or small, gives an error of the library that names it."""
    for small, message in (
        (0, "a table cannot be read: "),
        (10**6, "positions.parquet: is not a readable Parquet file:"),
    ):
        out = tmp_path / str(small)
        dataset.export(out, panel=False)
        found = from_parquet(out, small)
        file = out / "positions.parquet"
        raw = bytearray(file.read_bytes())
        raw[4 : len(raw) // 2] = bytes(len(raw) // 2 - 4)
        file.write_bytes(raw)
        for _ in range(2):  # the second time too
            with pytest.raises(sd.StancedataError, match=message):
                found.matrix(on="2021-10-20")
    dataset.export(tmp_path / "stances", panel=False)
    found = from_parquet(tmp_path / "stances", small=0)
    file = tmp_path / "stances" / "stances.parquet"
    raw = bytearray(file.read_bytes())
    raw[4 : len(raw) // 2] = bytes(len(raw) // 2 - 4)
    file.write_bytes(raw)
    with pytest.raises(sd.StancedataError, match="a table cannot be read: "):
        found.contradictions()


def test_a_file_that_declares_a_wrong_order_is_sorted(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A declared order is checked, and the file sorted, before rows are hashed or exported."""
    dataset.export(tmp_path / "out", panel=False)
    stances = dataset.tables["stances"]
    backwards = pa.array(range(stances.num_rows - 1, -1, -1), pa.int64())
    order = [pq.SortingColumn(stances.schema.get_field_index("stance_id"))]
    version = dataset.tables.schema_version
    write(
        stances.take(backwards),
        tmp_path / "out" / "stances.parquet",
        version,
        sorting_columns=order,
    )
    found = from_parquet(tmp_path / "out", small=10)
    assert dataset.digest == found.digest
    assert stances.equals(pa.concat_tables(OrderedTables(found.tables).batches("stances")))


def test_a_broken_file_that_is_sorted_is_named_in_a_sentence(
    dataset: sd.Dataset, tmp_path: Path
) -> None:
    """A broken file of a partitioned table, which DuckDB sorts, gives an error of the library."""
    dataset.export(tmp_path / "out", partition_by="issue_id", panel=False)
    file = next((tmp_path / "out" / "stances").rglob("*.parquet"))
    found = from_parquet(tmp_path / "out", small=0)
    raw = file.read_bytes()
    file.write_bytes(raw[:4] + bytes(len(raw) // 2) + raw[4 + len(raw) // 2 :])
    for ask in (lambda: found.digest, lambda: list(found.stances.values())):
        with pytest.raises(sd.StancedataError, match="a table cannot be read: "):
            ask()


def test_the_old_name_of_ordered_tables_warns(dataset: sd.Dataset) -> None:
    """`Dataset.lying`, public by accident, stays for one more version."""
    with pytest.warns(DeprecationWarning, match=r"Dataset\.lying is deprecated"):
        assert dataset.lying.digest() == dataset.digest


@pytest.mark.parametrize(("most", "read"), [(10**9, 1), (0, 2)])
def test_an_export_reads_a_table_once(
    dataset: sd.Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    read: int,
) -> None:
    """What an export has read is hashed too, if there is room for it; the files are the same."""
    found = lay(dict(dataset.tables), tmp_path / "in", others=400)
    groups: list[int] = []

    def counted(file: TableFile, opened: object, number: int, *others: Any) -> pa.Table:
        if file.table.name == "holders" and "role" in others[0]:
            groups.append(number)
        return group(file, opened, number, *others)  # type: ignore[arg-type]

    monkeypatch.setattr("stancedata.engines.ordered.group", counted)
    monkeypatch.setattr(ordered, "MOST_SHARED", most)
    found.export(tmp_path / "out", panel=False)
    assert sorted(groups) == sorted([*range(-(-dataset.tables["holders"].num_rows // 400))] * read)
    whole = from_parquet(tmp_path / "in", small=10**6)
    assert found.digest == whole.digest
    for name in ("stances", "holders", "positions"):
        assert pq.read_table(tmp_path / "out" / f"{name}.parquet").equals(whole.tables[name]), name


def test_an_export_sorts_what_is_not_in_its_declared_order(
    dataset: sd.Dataset, tmp_path: Path
) -> None:
    """A file whose rows are not sorted as it declares is exported sorted, read once or twice."""
    rows = dataset.tables["holders"]
    turned = {**dataset.tables, "holders": rows.take(pa.array(range(rows.num_rows))[::-1])}
    for most in (10**9, 0):
        found = lay(turned, tmp_path / str(most))
        with found._ordered.sharing(most):
            assert pa.concat_tables(found._ordered.batches("holders")).equals(rows)
            assert found.digest == from_parquet(tmp_path / str(most), small=10**6).digest


def test_what_is_held_is_decoded_when_it_is_read(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Texts that repeat are held once, and readers get columns of the contract's types."""
    found = lay(dataset.tables, tmp_path)
    with found._ordered.sharing(10**9):
        read = list(found._ordered.batches("positions"))
        assert found._ordered._held is not None
        held = found._ordered._held._rows["positions"]
        assert any(pa.types.is_dictionary(field.type) for field in held[0].schema)
    assert all(BY_NAME["positions"].schema.equals(rows.schema) for rows in read)
    assert dataset.tables["positions"].equals(pa.concat_tables(read))
