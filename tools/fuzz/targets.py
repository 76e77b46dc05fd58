"""The targets of `tools.fuzz.fuzz`: one class each, from bytes to accepted or refused.

An attempt returns True if the input was accepted and False if this library refused it. Any other
exception is a failure, and so is an accepted input that breaks an invariant: a file that changes
when formatted twice, a history that replays to other tables, a date that ends before it begins.
"""

from __future__ import annotations

import contextlib
import copy
import datetime
import functools
import hashlib
import io
import json
import random
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.support.yaml_records import write_record

import stancedata as sd
from stancedata.coding.release import release_of
from stancedata.curation.files import CLASSES, WHOLE
from stancedata.curation.folder import read_folder
from stancedata.curation.format import formatted
from stancedata.curation.source import read_text, to_source
from stancedata.curation.structure import shape_of, structure
from stancedata.data_folder import HISTORY, MANIFEST
from stancedata.dataset.folders import version_of
from stancedata.model.dates import DATE_KINDS, DateError, StatedDate
from stancedata.problems import StancedataError
from stancedata.questions.arguments import day_of
from stancedata.questions.positions import Complete
from stancedata.releases.log import chained, file_of, link, read_history
from stancedata.releases.record_contents import rows_of, tables_of
from stancedata.releases.revisions import History, history_tables, replay, revise
from stancedata.releases.version import Version
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.rows import to_tables
from stancedata.tables.source import ParquetTables

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = ROOT / "tests" / "data" / "repository"
FAULTS = ROOT / "tests" / "data" / "faults"
FILES = (
    "actors/northland.yaml", "events/midport-2021-10-20.yaml",
    "documents/communique-2021-10-20.yaml", "codings/coder-2/daily-post-2021-10-21.yaml",
    "codebook.yaml", "bounds.yaml", "unreleased/reasons.yaml", "coverage/debate.yaml",
)  # fmt: skip
"""Paths in a data folder, one per class of record; the first byte of an input selects one."""
MOST_SEED = 1600
"""Maximum size of a seed file in bytes: short ones allow more attempts."""


def seldom(data: bytes, every: int) -> bool:
    """Whether to run a slow check on an input: on one in `every`, always the same ones."""
    return zlib.crc32(data) % every == 0


def _check_message(error: Exception, within: str = "") -> None:
    """Check that an error message can be encoded, and contains a text."""
    text = str(error).encode()
    assert within.encode() in text


class Yaml:
    """Curated files: read, structured, written, formatted, and read in their folder.

    Args:
        place: A folder to work in.
    """

    name = "yaml"

    def __init__(self, place: Path) -> None:
        self._folder = Path(shutil.copytree(REPOSITORY, place / "data"))
        (self._folder / "unreleased").mkdir()
        self._file = place / "any.yaml"
        files = [*REPOSITORY.rglob("*.yaml"), *FAULTS.rglob("*.y*ml")]
        short = [file for file in sorted(files) if file.stat().st_size <= MOST_SEED]
        self.seeds = [bytes([_place_of(file)]) + file.read_bytes() for file in short]
        self.seeds += [bytes([5]) + b"least:\n  stances: 3\n", bytes([6]) + _REASONS]
        self.words = _yaml_words()

    def attempt(self, data: bytes) -> bool:
        """Try a file: the first byte selects its path, the rest is its content."""
        where, content = FILES[(data or b"\0")[0] % len(FILES)], data[1:]
        shape: Any = WHOLE.get(where) or CLASSES[where.partition("/")[0]]
        self._file.write_bytes(content)
        accepted = False
        with contextlib.suppress(StancedataError):
            text = read_text(self._file, "any.yaml")
            source = to_source(text, "any.yaml")
            record, problems = structure(source, shape)
            assert all(str(p) for p in (*source.problems, *problems))
            assert record is not None or problems
            accepted = record is not None and not source.problems
            if record is not None:
                written = to_source(write_record(record), "written.yaml")
                assert structure(written, shape) == (record, [])
            if seldom(data, 3):
                _format_twice(text, shape)
        if seldom(data, 200):
            self._in_folder(where, content, seldom(data, 4000))
        return accepted

    def _in_folder(self, where: str, content: bytes, rules: bool) -> None:
        """Read the whole folder with this file in it, and check it with `rules`."""
        file = self._folder / where
        before = file.read_bytes() if file.exists() else None
        file.write_bytes(content)
        try:
            to_tables(read_folder(self._folder).content)
            if rules:
                assert all(str(problem) for problem in sd.check(self._folder))
        except StancedataError:
            pass
        finally:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)


_REASONS = b"changes:\n  - records: ['a*']\n    reason: recode\n    note: Read again.\n"


def _place_of(file: Path) -> int:
    """Return the index in `FILES` where a file belongs, by the name of its folder."""
    for number, where in enumerate(FILES):
        if file.name == where or file.parent.name == where.partition("/")[0]:
            return number
    return 2


def _yaml_words() -> list[bytes]:
    """List keys and YAML punctuation to insert."""
    keys: set[str] = set()
    shapes: list[Any] = [*CLASSES.values(), *WHOLE.values()]
    while shapes:
        for name, (inner, _) in shape_of(shapes.pop()).items():
            keys.add(f"{name}: ")
            shapes += [inner] if inner is not None else []
    signs = (
        "- ", ": ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", "#", " #", "|", ">-\n", "'", '"', "&a", "*a",
        "!!str ", "---\n", "...\n", "~", "null", "true", "? ", "%YAML 1.1\n", "\\u2028", "\u2028",
        "\u0085", "\u00a0", "\ufeff", "\ufffe", "\U0001f600", "\r", "\r\n", "\t", "<<", "=", "\x7f",
        "2021-10-20", "0", "-1", "999999999", "s01", "a" * 64, "“A. B”",
    )  # fmt: skip
    return [word.encode() for word in (*sorted(keys), *signs)]


def _format_twice(text: str, shape: type) -> None:
    """Check that formatting is idempotent."""
    try:
        once = formatted(text, shape, "any.yaml")
    except sd.InvalidDataError:
        return
    except StancedataError as error:
        raise AssertionError(str(error)) from None  # it asks for a report
    assert formatted(once, shape, "once.yaml") == once


class Dates:
    """Dates, days and versions."""

    name = "dates"

    def __init__(self, place: Path) -> None:
        texts = (
            "2021-10-20", "2021-10", "2021", "2021-10-09/2021-10-10", "2021-08/2021-09-03",
            "[2021-08-15..2021-10-20]", "[2021-08..2021-10]", "2021-09-25~", "2021-05~", "2021?", "2024-02-29",
            "2021-10-19 to 2021-10-20", "2021/1/2", "../2021", "2021-10-20/..", "0.1.0", "2021-W42-3",
        )  # fmt: skip
        self.seeds = [bytes([n % 8]) + text.encode() for n, text in enumerate(texts * 3)]
        self.words = [w.encode() for w in (
            "-", "/", "..", "[", "]", "~", "?", "%", "0000", "9999", "02-29", "12-31", "13", "00", "X",
            "２", "٢", "–", " to ", "\n", "T00:00:00Z", "+0000", "Y12345", "open", "1.2.3",
        )]  # fmt: skip

    def attempt(self, data: bytes) -> bool:
        """Try a text; the first byte selects the kind of date."""
        kinds = (None, None, None, *DATE_KINDS, "", "sometime")
        kind = kinds[(data or b"\0")[0] % len(kinds)]
        text = data[1:].decode("utf-8", "surrogateescape")
        for other in (day_of, Version.parse):
            with contextlib.suppress(StancedataError):
                other(text)
        try:
            found = StatedDate.parse(text, kind)
        except DateError as error:
            _check_message(error, "; ")
            return False
        assert found.earliest <= found.latest
        assert found.kind == (kind or found.kind)
        assert found == StatedDate.restore(text, found.earliest, found.latest, found.kind)
        assert text.isascii()
        return True


_VALUES: tuple[Any, ...] = (
    None, "", "x", "\ud800", "a\x00b", 0, 1, -1, 2, 3, 2**31, -(2**63), 10**30, 1.5, 1e308, float("nan"), True,
    False, [], {}, [[]], {"": 1}, "0.1.0", "0.2.0", "00.1.0", "2021-10-20", "20211020", "2021-W42-3", "9999-12-31",
    "0001-01-01", "add", "modify", "retract", "recode", "stance", "actor", "codebook", "rebels", "/", "#",
    "x" * 1000, {"actors": [{}]}, {"actors": [None]}, {"stances": {}}, {"nothing": []},
)  # fmt: skip


class Histories:
    """Files of a history: as they are, with a recomputed hash chain, and with values replaced.

    An input is a byte for the mode and then files separated by `0x1e`, each its name, a line feed
    and its lines. A recomputed chain has the right digest on every line, in the reference to the
    previous file and in MANIFEST: otherwise nearly all inputs would be refused for a digest.
    """

    name = "history"

    def __init__(self, place: Path) -> None:
        self._data = place
        self._folder = place / HISTORY
        self._files = _small_history()
        whole = b"\x1e".join(name.encode() + b"\n" + raw for name, raw in self._files.items())
        bodies = b"\x1e".join(
            name.encode() + b"\n" + b"\n".join(_bodies(raw))
            for name, raw in self._files.items() if name != MANIFEST
        )  # fmt: skip
        one = bodies.split(b"\x1e", 1)[0]
        rng = random.Random(1)
        self.seeds = [b"\0" + whole, b"\1" + bodies, b"\1" + one, b"\2" + bodies, b"\2" + one]
        self.seeds += [b"\3" + rng.randbytes(4 * n) for n in (1, 1, 1, 2, 2, 3) * 8]
        keys = {key for raw in self._files.values() for key in re.findall(rb'"\w+":', raw)}
        plain = (json.dumps(value).encode() for value in _VALUES)
        self.words = [
            *sorted(keys),
            *plain,
            b"\x1e",
            b"\n",
            b",",
            b"\\ud800",
            b"\xed\xa0\x80",
            b"0.1.0.0",
        ]

    def attempt(self, data: bytes) -> bool:
        """Try a history."""
        way, rest = (data or b"\0")[0] % 4, data[1:]
        self._folder.mkdir(exist_ok=True)
        for file in self._folder.iterdir():
            file.unlink()
        for name, raw in (_taken(self._files, rest) if way == 3 else _written(rest, way)).items():
            if (
                name.strip(".")
                and "/" not in name
                and "\0" not in name
                and len(name.encode()) < 100
            ):
                (self._folder / name).write_bytes(raw)
        try:
            recorded = read_history(self._data)
        except StancedataError as error:
            _check_message(error)
            return False
        if recorded.history.releases and seldom(data, 40 if way == 3 else 100):
            _use(recorded.history)
        return bool(recorded.history.releases)


def _use(history: History) -> None:
    """Check that a history that was read can be used: tables, replay and version."""
    made = history_tables(history)
    for table in made.values():
        table.validate(full=True)
    for number in range(1, len(history.releases) + 1):
        last = replay(made["revisions"], number)
    assert str(version_of(last, history.last)).encode()


@functools.cache
def _small_history() -> dict[str, bytes]:
    """Make two releases of a few records: one is changed and one retracted."""
    rows = rows_of(sd.read(REPOSITORY).tables)
    wanted = [("actor", "rebels"), ("stance", "daily-post-2021-10-21#s02")]
    codebook = {n: rows["codebook", "codebook"][n][:1] for n in ("issues", "levels")}
    first = {("codebook", "codebook"): codebook, **{key: rows[key] for key in wanted}}
    second = copy.deepcopy({key: r for key, r in first.items() if key[0] != "stance"})
    second["actor", "rebels"]["actors"][0]["name"] = "The Rebels"
    history, previous, files = History(), "", {}
    for number, now in enumerate((first, second), 1):
        name = f"0.{number}.0"
        tables = tables_of(copy.deepcopy([*now.values()]))
        release = release_of(Complete(tables), name, number, datetime.date(2026, 1, number))
        revisions = revise(history, rows_of(tables), name, lambda *_: ("recode", "Read again."))
        raw = file_of(release, revisions, previous, {"a.yaml": "0" * 64} if previous else {})
        history = History((*history.releases, release), (*history.revisions, *revisions))
        previous = f"{name} {hashlib.sha256(raw).hexdigest()}"
        files[f"{name}.jsonl"] = raw
    return {**files, MANIFEST: f"{previous}\n".encode()}


def _bodies(raw: bytes) -> list[bytes]:
    """Return the lines of a file without their digests."""
    return [re.sub(rb',"chain":"[0-9a-f]{64}"}$', b"}", line) for line in raw.splitlines()]


def _written(rest: bytes, way: int) -> dict[str, bytes]:
    """Split an input into files; recompute their hash chain unless the mode is 0."""
    files: dict[str, bytes] = {}
    for part in rest.split(b"\x1e"):
        name, _, raw = part.partition(b"\n")
        files[name.decode("utf-8", "replace")] = raw
    if way == 0:
        return files
    return _chained({n: raw.split(b"\n") for n, raw in files.items()}, counted=way == 1)


def _chained(files: dict[str, list[bytes]], counted: bool) -> dict[str, bytes]:
    """Recompute digests, the reference to the previous file, and MANIFEST.

    Args:
        files: Lines without digests, by file name.
        counted: Whether to correct the header's number of revisions too.
    """
    made: dict[str, bytes] = {}
    previous = b""
    for name, lines_of in files.items():
        bodies = lines_of or [b""]
        head = re.sub(
            rb'(?<="previous":")([^" ]*) [0-9a-f]{64}', rb"\1 " + previous[-64:], bodies[0]
        )
        if counted:
            head = re.sub(rb'"revisions":[0-9]+', b'"revisions":%d' % (len(bodies) - 1), head)
        chain, lines = "", []
        for body in (head, *bodies[1:]):
            chain = link(chain, body)
            lines.append(chained(body, chain) + b"\n")
        made[name] = b"".join(lines)
        version = name.removesuffix(".jsonl").removesuffix(".jsonl.new")
        previous = f"{version} {hashlib.sha256(made[name]).hexdigest()}".encode()
    return {**made, MANIFEST: previous + b"\n"}


def _taken(files: dict[str, bytes], choices: bytes) -> dict[str, bytes]:
    """Replace values of the small history; every four bytes select one replacement."""
    values = {n: [json.loads(b) for b in _bodies(raw)] for n, raw in files.items() if n != MANIFEST}
    for file, line, where, what in zip(*[iter(choices[:32])] * 4, strict=False):
        lines = [*values.values()][file % len(values)]
        if not lines:
            continue
        number = line % len(lines)
        places = [*_places(lines[number], lines, number)]
        holder, key = places[where % len(places)]
        _take(holder, key, what)
    texts = {name: [_dumped(value) for value in lines] for name, lines in values.items()}
    return _chained(texts, counted=True)


def _dumped(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass").replace(b"\n", b" ")


def _places(value: Any, holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    """Iterate over a value and all values in it, as (container, key)."""
    yield holder, key
    if isinstance(value, dict | list):
        for inner, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(item, value, inner)


def _take(holder: Any, key: Any, what: int) -> None:
    """Replace, rename, remove or duplicate a value."""
    if what >= 240 and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    elif what >= 220:
        del holder[key]
    elif what >= 200 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = copy.deepcopy(_VALUES[what % len(_VALUES)])


class Parquet:
    """Files of exported tables: cut, corrupted, spliced, or with other schemas."""

    name = "parquet"

    def __init__(self, place: Path) -> None:
        self._folder = place / "out"
        sd.read(REPOSITORY).export(self._folder)
        self._whole = {t.name: (self._folder / f"{t.name}.parquet").read_bytes() for t in TABLES}
        self.seeds = [f"{n}\n".encode() + raw for n, raw in self._whole.items()]
        for name in self._whole:
            self.seeds += [f"{name}\n".encode() + raw for raw in _variants(self._folder, name)]
        self.words = [b"PAR1", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xff" * 4, b"\x80" * 9 + b"\x01",
                      b"\xfe\xff\xff\xff\x0f", b"\x15\x00", b"\x19\xfc", b"\x18\x80\x80\x80\x80\x08"]  # fmt: skip

    def attempt(self, data: bytes) -> bool:
        """Try a file of the table that its first line names."""
        first, _, raw = data.partition(b"\n")
        name = first.decode("ascii", "replace")
        name = name if name in BY_NAME else "stances"
        file = self._folder / f"{name}.parquet"
        file.write_bytes(raw)
        try:
            tables = ParquetTables(self._folder, tuple(n for n in BY_NAME if n != name))
            found = tables[name]
            assert found.schema.equals(BY_NAME[name].schema)
            assert found.num_rows == tables.rows(name)
            found.validate(full=True)
            if seldom(data, 50):
                found.to_pylist()
                _use_all(sd.read(self._folder))
        except StancedataError as error:
            _check_message(error)
            return False
        finally:
            file.write_bytes(self._whole[name])
        return True


def _use_all(dataset: sd.Dataset) -> None:
    """Read every table and compute the digest."""
    for name in BY_NAME:
        assert dataset.tables[name].num_rows >= 0
    assert dataset.digest
    assert dataset.version.encode()


def _variants(folder: Path, name: str) -> Iterator[bytes]:
    """Write a table with other settings, and tables that violate the contract."""
    table = pq.read_table(folder / f"{name}.parquet", partitioning=None)
    options: tuple[dict[str, Any], ...] = (
        {"compression": "none", "write_page_checksum": False},
        {"compression": "none", "use_dictionary": False, "write_page_checksum": False},
        {"compression": "snappy", "data_page_version": "2.0"},
        {"compression": "zstd", "use_dictionary": False, "write_page_checksum": False},
        {"compression": "gzip", "row_group_size": 2, "store_schema": False},
        {"compression": "lz4", "data_page_size": 1, "version": "1.0"},
        {"compression": "brotli", "use_byte_stream_split": False, "write_statistics": False},
    )
    wide = pa.schema(
        [f.with_type(pa.large_string()) if f.type == pa.string() else f for f in table.schema]
    )
    for choice in options:
        yield _bytes_of(table, **choice)
    yield _bytes_of(table.cast(wide))
    for change in _CHANGES:
        yield _bytes_of(change(table), write_page_checksum=False)


def _bytes_of(table: pa.Table, **options: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream.getvalue()


def _loosened(table: pa.Table) -> pa.Table:
    """Return the table with nullable columns."""
    return pa.Table.from_arrays(table.columns, names=table.schema.names)


def _texts(table: pa.Table, array: Callable[[int], Any]) -> pa.Table:
    """Return the table with its first column replaced."""
    rows, loose = table.num_rows, _loosened(table)
    return loose.set_column(0, table.schema.names[0], array(rows)) if rows else loose


_BAD_TEXT = pa.array([b"\xff\xfe"], pa.binary()).view(pa.string())
_CHANGES: tuple[Callable[[pa.Table], pa.Table], ...] = (
    lambda table: table.replace_schema_metadata({"stancedata.version": b"\xff\xfe"}),
    lambda table: table.replace_schema_metadata({"stancedata.schema_version": b"\xff\xfe"}),
    lambda table: table.append_column(table.schema.field(0), table.column(0)),
    lambda table: _texts(table, lambda n: pa.nulls(n, pa.string())),
    lambda table: _texts(table, lambda n: pa.concat_arrays([_BAD_TEXT] * n)),
    lambda table: _texts(table, lambda n: pa.array(["x"] * n).dictionary_encode()),
    lambda table: _texts(table, lambda n: pa.array([["x"]] * n)),
    lambda table: pa.concat_tables([table] * 2),
)  # fmt: skip

TARGETS: dict[str, Any] = {t.name: t for t in (Yaml, Dates, Histories, Parquet)}
