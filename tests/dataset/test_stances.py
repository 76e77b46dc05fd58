"""Iterating over stances on disk gives the same as in memory, and the first comes soon."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.dataset.collection import Collection
from stancedata.dataset.folders import from_parquet
from stancedata.engines import ordered, row_groups
from stancedata.questions.positions import no_history
from stancedata.tables import bulk as filling
from stancedata.tables import parquet
from stancedata.tables.columns import sort
from stancedata.tables.contract import BY_NAME, WAIVERS
from stancedata.tables.parquet import TableFile
from stancedata.tables.rows import to_tables
from tests.support import strategies
from tests.support.effort import examples
from tests.support.parquet_folders import lay, spoil_group, write

Tables = Mapping[str, pa.Table]
OF_STANCES = ("stances", "holders", "stance_aspects", "ascribers", "conditions", "evidence")


def spread(dataset: sd.Dataset, times: int) -> dict[str, pa.Table]:
    """Return the packaged tables with their stances repeated under new IDs."""
    found = {name: dataset.tables[name] for name in dataset.tables}
    for name in OF_STANCES:
        rows = found[name].to_pylist()
        more = [
            {**row, "stance_id": f"{row['stance_id']}-{n}"} for n in range(times) for row in rows
        ]
        found[name] = sort(BY_NAME[name], pa.Table.from_pylist(more, found[name].schema))
    return found


def in_memory(tables: Tables) -> Collection[model.Stance]:
    """Return the stances of in-memory tables."""
    return sd.Dataset({**no_history(), **tables}, "0.0.0+test").stances


@pytest.fixture(params=[0, 10**6], ids=["large", "kept"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Number of rows up to which a Parquet table is loaded: none or all tables."""
    set_batches(monkeypatch, 2)
    return int(request.param)


def groups_of(rows: int) -> dict[str, int]:
    """Choose row groups of so many rows for the tables that a stance is made of."""
    return dict.fromkeys((*OF_STANCES, *WAIVERS, "documents"), rows)


def set_batches(patch: pytest.MonkeyPatch, first_batch: int) -> None:
    """Set the size of the first batch of objects."""
    patch.setattr(filling, "FIRST_BATCH", first_batch)
    patch.setattr(filling, "LARGEST_BATCH", 2 * first_batch)


few = st.integers(1, 5)


@examples(8)
@given(
    strategies.contents(), st.fixed_dictionaries(dict.fromkeys((*OF_STANCES, "others"), few)),
    few, st.sampled_from([0, 4, 10**6]), st.sets(st.sampled_from(OF_STANCES), max_size=3),
)  # fmt: skip
def test_a_pass_is_as_in_memory(
    content: model.Content, groups: dict[str, int], first_batch: int, small: int,
    loaded: set[str],
) -> None:  # fmt: skip
    """Objects, IDs and order do not depend on row groups and batches."""
    tables = to_tables(content)
    wanted = in_memory(tables)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        set_batches(patch, first_batch)
        dataset = lay(tables, Path(folder), small, **groups)
        assert [dataset.tables[name] for name in loaded] == [tables[name] for name in loaded]
        for _ in range(2):
            assert list(wanted.values()) == list(dataset.stances.values())
            assert list(wanted) == list(dataset.stances)
            assert list(wanted.items()) == list(dataset.stances.items())
            assert len(wanted) == len(dataset.stances)


@examples(6)
@given(st.data(), strategies.contents(), few, few)
def test_unsound_rows_are_as_in_memory(
    data: st.DataObject, content: model.Content, rows_in_group: int, first_batch: int
) -> None:
    """Orphan rows, stances without children and duplicate IDs give the same as in memory."""
    tables = dict(to_tables(content))
    for name in (*OF_STANCES, "documents", *WAIVERS):
        count = tables[name].num_rows
        some = st.lists(st.integers(0, count - 1), max_size=8) if count else st.just([])
        chosen = pa.array(sorted(data.draw(some)), pa.int64())
        tables[name] = tables[name].take(chosen)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        set_batches(patch, first_batch)
        dataset = lay(tables, Path(folder), others=rows_in_group)
        assert list(in_memory(tables).values()) == list(dataset.stances.values())


@examples(6)
@given(st.data(), strategies.contents(), few)
def test_rows_in_any_order_are_put_in_order(
    data: st.DataObject, content: model.Content, rows_in_group: int
) -> None:
    """Tables that do not declare their sort order are sorted on disk, and give the same."""
    tables = to_tables(content)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        set_batches(patch, 2)
        lay(tables, Path(folder), others=rows_in_group)
        for name in data.draw(st.sets(st.sampled_from((*OF_STANCES, "documents", *WAIVERS)))):
            rows = data.draw(st.permutations(range(tables[name].num_rows)))
            mixed = tables[name].take(pa.array(rows, pa.int64()))
            write(mixed, Path(folder) / f"{name}.parquet", row_group_size=rows_in_group)
        found = from_parquet(Path(folder), small=0).stances
        assert list(in_memory(tables).values()) == list(found.values())
        assert list(in_memory(tables)) == list(found)


@pytest.mark.parametrize("name", OF_STANCES)
def test_a_file_that_lies_of_its_order_is_refused(
    dataset: sd.Dataset, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose rows are not in the declared order is reported."""
    set_batches(monkeypatch, 2)
    rows = dataset.tables[name]
    backwards = rows.take(pa.array(range(rows.num_rows - 1, -1, -1), pa.int64()))
    half = rows.num_rows // 2
    for mixed in (backwards, pa.concat_tables([rows.slice(half), rows.slice(0, half)])):
        tables = {**dict(dataset.tables), name: mixed}
        found = lay(tables, tmp_path, **groups_of(7))
        keys = ", ".join(BY_NAME[name].key)
        said = rf"{name}\.parquet: rows must be in the order of {keys}, as the file declares, got"
        with pytest.raises(sd.InvalidDataError, match=said):
            list(found.stances.values())
        assert list(dataset.stances.values()) == list(sd.read(tmp_path).stances.values())


def test_one_row_group_is_read_for_the_first_object(
    dataset: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first object needs only one row group of each table."""
    found = lay(spread(dataset, 40), tmp_path)
    set_batches(monkeypatch, 2)
    read: list[str] = []
    group = row_groups.group

    def note(file: TableFile, *others: Any) -> pa.Table:
        read.append(file.table.name)
        return group(file, *others)

    monkeypatch.setattr(ordered, "group", note)
    objects = iter(found.stances.values())
    next(objects)
    assert {*OF_STANCES, "documents"} <= {*read}
    assert all(read.count(name) == 1 for name in OF_STANCES)
    tables = found.tables
    assert all(map(tables.is_large, (*OF_STANCES, "documents")))
    assert len(found.stances) == 1 + sum(1 for _ in objects)
    assert all(map(tables.is_large, (*OF_STANCES, "documents")))


def test_what_is_in_memory_is_not_read_again(
    dataset: sd.Dataset, small: int, tmp_path: Path
) -> None:
    """Tables loaded by access or by a first iteration are not read from disk again."""
    found = lay(dict(dataset.tables), tmp_path, small, **groups_of(10))
    every = list(found.stances.values())
    for name in (*OF_STANCES, "documents", *WAIVERS):
        if not small:
            assert found.tables[name].num_rows == dataset.tables[name].num_rows
    for file in tmp_path.iterdir():
        file.unlink()
    assert every == list(found.stances.values())


def test_iterators_do_not_disturb_each_other(
    dataset: sd.Dataset, small: int, tmp_path: Path
) -> None:
    """Concurrent iterators and lookups by ID do not affect each other."""
    found = lay(dict(dataset.tables), tmp_path, small, **groups_of(10))
    wanted = list(dataset.stances.values())
    one, other = iter(found.stances.values()), iter(found.stances.values())
    ahead = list(itertools.islice(one, 30))
    assert wanted[:3] == list(itertools.islice(other, 3))
    assert wanted[50] == found.stances[wanted[50].stance_id]
    assert wanted == [*ahead, *one]
    assert wanted[3:] == list(other)


@pytest.mark.filterwarnings("error")
def test_a_pass_that_is_left_closes_its_files(
    dataset: sd.Dataset, small: int, tmp_path: Path
) -> None:
    """Neither an abandoned nor a finished iterator keeps a file open."""
    found = lay(dict(dataset.tables), tmp_path, small, **groups_of(10))

    def held() -> list[str]:
        links = (f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd"))
        return [t for t in map(_target, links) if str(tmp_path) in t]

    objects = iter(found.stances.values())
    next(objects)
    assert held() or small
    del objects
    assert held() == []
    assert list(found.stances)
    assert list(found.stances.values())
    assert held() == []


def _target(link: str) -> str:
    return os.readlink(link) if os.path.exists(link) else ""


@pytest.mark.parametrize("name", OF_STANCES)
def test_a_broken_file_gives_the_same_sentence(
    dataset: sd.Dataset, small: int, tmp_path: Path, name: str
) -> None:
    """A broken row group gives the same message as when the table is loaded."""
    lay(dict(dataset.tables), tmp_path, **groups_of(10))
    last = pq.read_metadata(tmp_path / f"{name}.parquet").num_row_groups - 1
    spoil_group(tmp_path / f"{name}.parquet", last)
    with pytest.raises(sd.InvalidDataError) as loading:
        sd.read(tmp_path).tables[name]
    with pytest.raises(sd.InvalidDataError) as passing:
        list(from_parquet(tmp_path, small).stances.values())
    assert str(loading.value) == str(passing.value)


@pytest.mark.parametrize("change", ["missing", "column", "empty cell"])
def test_a_file_that_changed_is_looked_at_again(
    dataset: sd.Dataset, small: int, tmp_path: Path, change: str
) -> None:
    """A file changed after opening gives the same message as when the table is loaded."""
    found = lay(dict(dataset.tables), tmp_path, small, **groups_of(10))
    path, rows = tmp_path / "holders.parquet", dataset.tables["holders"]
    order = [pq.SortingColumn(rows.schema.names.index(name)) for name in BY_NAME["holders"].key]
    if change == "missing":
        path.unlink()
    elif change == "column":
        write(rows.drop_columns(["role"]), path, sorting_columns=order[:1])
    else:
        nothing = pa.nulls(rows.num_rows, pa.string())
        place = rows.schema.get_field_index("role")
        write(rows.set_column(place, "role", nothing), path, sorting_columns=order)
    with pytest.raises(sd.InvalidDataError) as passing:
        list(found.stances.values())
    with pytest.raises(sd.InvalidDataError) as loading:
        found.tables["holders"]
    assert str(loading.value) == str(passing.value)


@pytest.mark.parametrize("partition_by", ["", "issue_id"])
def test_exports_of_either_kind_are_gone_through(
    dataset: sd.Dataset, small: int, tmp_path: Path, partition_by: str
) -> None:
    """Plain and partitioned exports give the same stances in the same order."""
    dataset.export(tmp_path / "out", partition_by=partition_by, panel=False)
    found = from_parquet(tmp_path / "out", small)
    assert list(dataset.stances.values()) == list(found.stances.values())


def test_tables_larger_than_may_be_loaded_are_gone_through(
    dataset: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Iterating works on tables that are too large to load."""
    set_batches(monkeypatch, 2)
    found = lay(spread(dataset, 20), tmp_path, others=100)
    monkeypatch.setattr(parquet, "MOST_BYTES", 100_000)
    assert len(found.stances) == len(list(found.stances)) == len(list(found.stances.values()))
    first = next(iter(found.stances))
    assert found.stances[first].stance_id == first
    with pytest.raises(sd.InvalidDataError, match=r"stances.*: is too large"):
        found.tables["stances"]


def test_equal_parts_are_shared_in_a_pass(dataset: sd.Dataset, small: int, tmp_path: Path) -> None:
    """Equal holders and dates within one iteration are the same object."""
    made = list(lay(dict(dataset.tables), tmp_path, small, **groups_of(10)).stances.values())
    for parts in ([h for s in made for h in s.holders], [s.stated_on for s in made]):
        assert len(set(parts)) == len({id(part) for part in parts})


def test_texts_are_found_wherever_their_documents_are(
    dataset: sd.Dataset, small: int, tmp_path: Path
) -> None:
    """Evidence gets the digest of its own document, wherever that is in the table, or None."""
    tables = dict(dataset.tables)
    ids = [*tables["documents"].column("document_id").to_pylist()[::-1], "nothing"]
    cited = list(itertools.islice(itertools.cycle(ids), tables["evidence"].num_rows))
    place = tables["evidence"].schema.get_field_index("document_id")
    field = tables["evidence"].schema.field(place)
    tables["evidence"] = tables["evidence"].set_column(place, field, pa.array(cited))
    found = list(lay(tables, tmp_path, small, documents=1, others=10).stances.values())
    assert list(in_memory(tables).values()) == found
    assert {None} < {e.text_sha256 for stance in found for e in stance.evidence}


@pytest.mark.parametrize("size", [0, 1])
def test_few_rows_are_loaded_at_once(dataset: sd.Dataset, tmp_path: Path, size: int) -> None:
    """A table is large only if it has more rows than the limit."""
    rows = dataset.tables["stances"].num_rows
    found = lay(dict(dataset.tables), tmp_path, rows - size).tables
    assert bool(size) is found.is_large("stances")


@pytest.mark.parametrize("order", [(), ((1, False),), ((0, True),)])
def test_only_the_order_of_the_key_counts(
    dataset: sd.Dataset, tmp_path: Path, order: tuple[tuple[int, bool], ...]
) -> None:
    """A file that does not declare the key order is checked before it is read."""
    lay(dict(dataset.tables), tmp_path)
    said = [pq.SortingColumn(column, descending) for column, descending in order]
    write(dataset.tables["stances"], tmp_path / "stances.parquet", sorting_columns=said or None)
    found = from_parquet(tmp_path, small=0)
    assert not ordered.declares_order(found.tables.files("stances")[0])
    assert list(dataset.stances.values()) == list(found.stances.values())


def test_what_is_not_needed_is_not_imported(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Iterating does not import pandas, which PyArrow does when it builds some arrays."""
    lay(dict(dataset.tables), tmp_path)
    script = (
        "import sys, stancedata as sd\n"
        f"for stance in sd.read({str(tmp_path)!r}).stances.values(): pass\n"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_pass_may_begin_after_its_tables_were_loaded(
    dataset: sd.Dataset, small: int, tmp_path: Path
) -> None:
    """An iterator created before its tables were loaded still gives the same."""
    found = lay(dict(dataset.tables), tmp_path, small, **groups_of(10))
    objects: Iterator[model.Stance] = iter(found.stances.values())
    for name in OF_STANCES:
        assert found.tables[name].num_rows
    assert list(dataset.stances.values()) == list(objects)


def test_a_single_stance_is_that_of_a_pass(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A stance by ID has the same parts as in memory, from files in any order and in many groups."""
    plain = lay(dict(dataset.tables), tmp_path / "plain", others=7)
    dataset.export(tmp_path / "parts", partition_by="issue_id", panel=False)
    for found in (plain, from_parquet(tmp_path / "parts", small=0)):
        for record_id, stance in list(dataset.stances.items())[::-1]:
            assert found.stances[record_id] == stance == found.stances.get(record_id)
            assert record_id in found.stances
        assert found.stances.get("nothing") is None
        assert "nothing" not in found.stances
        with pytest.raises(sd.UnknownIdError, match="no stance has the id 'nothing'"):
            found.stances["nothing"]


def test_of_two_stances_with_one_id_the_first_is_given(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A stance whose ID occurs twice is the same by query, from a row group and in memory."""
    rows = dataset.tables["stances"]
    last = rows.num_rows - 1
    twice = {**dict(dataset.tables), "stances": rows.take(pa.array([*range(last), last, last]))}
    found, wanted = lay(twice, tmp_path, others=10**4), in_memory(twice)
    record_id = rows.column("stance_id")[last].as_py()
    for _ in range(3):  # the first is found by a query
        assert wanted[record_id] == found.stances[record_id]
    assert wanted[record_id].evidence


def test_a_single_stance_reads_few_row_groups(dataset: sd.Dataset, tmp_path: Path) -> None:
    """The first stance by ID reads no row group whole, another one at most one of each table."""
    found = lay(dict(dataset.tables), tmp_path, others=20)
    first, *_, last = dataset.stances
    keyed = found._asker.keyed
    assert found.stances[first]
    assert not keyed.groups_read
    assert found.stances[last]
    assert 0 < keyed.groups_read <= len(OF_STANCES) + 2  # documents and exemptions too
    assert not any(map(found.tables.is_loaded, OF_STANCES))


def bytes_read() -> int:
    """Return how many bytes this process has read from files so far."""
    counts = Path("/proc/self/io").read_text(encoding="utf-8").split()
    return int(counts[counts.index("rchar:") + 1])


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system counts no bytes")
def test_the_first_stance_reads_a_part_of_its_files(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Of a table with many row groups, a fifth is read at most: footers and one group."""
    rows = dataset.tables["stances"].slice(0, 1).take(pa.array([0] * 10_000))
    columns = {
        "stance_id": [f"many-{n:05}#s01" for n in range(rows.num_rows)],
        "summary": [os.urandom(200).hex() for _ in range(rows.num_rows)],
    }
    for name, texts in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(name), pa.array(texts, pa.string()))
    found = lay({**dict(dataset.tables), "stances": rows}, tmp_path, others=500)
    size = (tmp_path / "stances.parquet").stat().st_size
    before = bytes_read()
    assert columns["summary"][7_777] == found.stances[columns["stance_id"][7_777]].summary
    assert 0 < bytes_read() - before < size / 5
