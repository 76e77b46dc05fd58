"""Export a dataset to a folder atomically; each format has a module of its own."""

from __future__ import annotations

import contextlib
import datetime
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.atomic import replace_folder, staged
from stancedata.exports.archive import archive_name, is_archive, write_archive
from stancedata.exports.beside import write_beside, write_sums
from stancedata.exports.description import Description
from stancedata.exports.formats.frames import level_labels_of
from stancedata.exports.formats.work import Work
from stancedata.exports.formats.writers import FORMATS, Format, refuse_formats, refuse_rows
from stancedata.exports.panels import NAMES as PANEL_NAMES
from stancedata.exports.panels import Panelled
from stancedata.foreign import is_leftover
from stancedata.problems import StancedataError
from stancedata.tables import parquet_writer as parquet
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.dictionary import READ, Allowed
from stancedata.tables.manifest import Identity, listed_files, write_manifest

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.releases.citation import About
    from stancedata.tables.columns import Table
    from stancedata.tables.source import TableSource

WRITERS = 2
"""The number of tables written concurrently."""


@attrs.frozen
class Contents:
    """The content of a dataset to export.

    Attributes:
        tables: The tables, by name.
        batches: Yields the rows of a table in key order.
        identify: Returns the version and digests; computing them takes time.
        about: Title, authors and licence.
        cite: Returns a citation in a style.
        panel: Returns the panel of every `month` or `year`.
        released_on: The day of the release; None if it is not one.
        panels: The panels, which are exported beside the tables of the contract.
    """

    tables: TableSource
    batches: Callable[[str], Iterable[pa.Table]]
    identify: Callable[[], Identity]
    about: About
    cite: Callable[[str], str]
    panel: Callable[[str], pa.Table]
    released_on: datetime.date | None = None
    panels: tuple[Table, ...] = ()

    @property
    def described(self) -> tuple[Table, ...]:
        """The tables to write, with the columns of their schema version."""
        return (*tables_of(self.tables.schema_version), *self.panels)

    def with_panels(self, wanted: bool | None) -> Contents:
        """Add the panels; None adds them if they are small enough."""
        found = Panelled(self.tables, self.panel, wanted)
        batches = partial(found.batches, others=self.batches)
        return attrs.evolve(self, tables=found, batches=batches, panels=found.panels)


@attrs.frozen
class Options:
    """How an export is written.

    Attributes:
        partition_by: The column by which Parquet is partitioned; empty if it is not.
        panel: Whether to write the panels; None writes them if they are small.
        csv_bom: Whether CSV begins with a byte order mark.
        csv_plain: Whether CSV has texts without apostrophes.
        archive: Whether to write one zip, named after dataset and version.
    """

    partition_by: str = ""
    panel: bool | None = None
    csv_bom: bool = False
    csv_plain: bool = False
    archive: bool = False


def export(
    contents: Contents, folder: Path, formats: tuple[str, ...], options: Options
) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    parquet.refuse_column(options.partition_by)
    refuse_formats(formats)
    _refuse_options(formats, options)
    if options.archive:
        return [_write_zip(contents, folder, formats, options)]
    with replace_folder(folder, listed_files, may_stay=_may_stay) as new:
        files = _write_all(contents, new, formats, options)
    return [folder / file.relative_to(new) for file in files]


def _may_stay(known: Collection[str], name: str) -> bool:
    """Tell whether a file of others stays in a folder to which an export is written.

    What a desktop leaves in folders always does; in an export, everything does but what readers
    would take for a table of it.

    Args:
        known: The files of the earlier export in it; none if there is none.
        name: The relative path of the file.
    """
    if is_leftover(name):
        return True
    path = Path(name)
    is_hidden = any(part.startswith(".") for part in path.parts)
    names = {*BY_NAME, *PANEL_NAMES}
    is_table = path.suffix[1:] in FORMATS and path.parts[0].partition(".")[0] in names
    return bool(known) and (is_hidden or not is_table)


def _refuse_options(formats: tuple[str, ...], options: Options) -> None:
    if options.partition_by and "parquet" not in formats:
        raise StancedataError(
            "partition_by: works with Parquet only, got other formats; add parquet"
        )
    for name in ("csv_bom", "csv_plain"):
        if getattr(options, name) and "csv" not in formats:
            raise StancedataError(f"{name}: works with CSV only, got other formats; add csv")


def _write_zip(
    contents: Contents, folder: Path, formats: tuple[str, ...], options: Options
) -> Path:
    """Write an export to a zip in a folder; other files of the folder are left alone."""
    name = f"{archive_name(contents.about.name, contents.identify().version)}.zip"
    is_new = not folder.exists()
    if os.path.lexists(folder / name) and not is_archive(folder / name):
        raise StancedataError(
            f"{folder / name}: is not an archive of an export, and would be replaced; move it away"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with staged(folder) as new:
            whole = new.with_name("whole")
            whole.mkdir()
            _write_all(contents, whole, formats, options)
            write_archive(whole, new / name)
    except OSError as error:
        said = f"{folder}: cannot be written: {error.strerror or error}"
        raise StancedataError(f"{said}; its files are unchanged") from None
    finally:
        if is_new:
            with contextlib.suppress(OSError):  # it has the archive, or cannot be removed
                folder.rmdir()
    return folder / name


def _write_all(
    contents: Contents, new: Path, formats: tuple[str, ...], options: Options
) -> list[Path]:
    """Write tables, descriptions, checksums and manifest to an empty folder."""
    contents = contents.with_panels(options.panel)
    files = write_tables(contents, new, formats, options=options)
    described = _described(contents, new, files, options.partition_by)
    described.digests.add(files, WRITERS)
    files += write_beside(described, options.csv_plain, options.csv_bom)
    files.append(write_sums(new, described.digests))
    named = {"dataset": contents.about.name}
    files.append(write_manifest(new, contents.identify(), described.digests, **named))
    return files


def _described(
    contents: Contents, folder: Path, files: list[Path], partition_by: str
) -> Description:
    """Collect what the files beside the tables say."""
    tables = contents.tables
    by_table: dict[tuple[str, str], list[str]] = {}
    for file in files:
        name = file.relative_to(folder)
        by_table.setdefault((name.parts[0].partition(".")[0], file.suffix[1:]), []).append(
            name.as_posix()
        )
    rows = {n: tables[n].to_pylist() for n in ("actors", "issues", "coders", "coverage")}
    day = contents.released_on or _newest(contents.batches("documents"))
    return Description(
        folder,
        contents.about,
        contents.identify(),
        day.isoformat() if day else "",
        contents.described,
        {table.name: tables.rows(table.name) for table in contents.described},
        by_table,
        partition_by,
        Allowed.of({name: tables[name] for name in READ}),
        rows["actors"],
        sorted(rows["issues"], key=lambda row: row["position"]),
        rows["coders"],
        rows["coverage"],
        contents.cite,
    )


def _newest(documents: Iterable[pa.Table]) -> datetime.date | None:
    """Return the day of the newest coding."""
    import pyarrow.compute as pc

    compute: Any = pc
    found = [compute.max(rows.column("coded_date")).as_py() for rows in documents]
    return max((day for day in found if day is not None), default=None)


def write_tables(
    contents: Contents,
    folder: Path,
    formats: tuple[str, ...],
    without: tuple[str, ...] = (),
    options: Options = Options(),
) -> list[Path]:
    """Write the tables of a dataset, by its schema version, to a folder that has no readers yet.

    `WRITERS` files are written concurrently, Parquet and the largest first, since compressing texts is
    most of the work. The digest is computed meanwhile; a table that waits for it lets the next one begin.
    """
    found = [t for t in contents.described if t.name not in without]
    # Before any thread starts, since counting the rows of a derived table computes it.
    rows = {table.name: contents.tables.rows(table.name) for table in found}
    refuse_rows(formats, rows)
    jobs = [job for name in dict.fromkeys(formats) for job in _jobs(FORMATS[name], found)]
    turns, first = _Turns(), FORMATS["parquet"]
    with ThreadPoolExecutor(1) as digester, ThreadPoolExecutor(max(len(jobs), 1)) as pool:
        identify = digester.submit(contents.identify).result
        work = _work(contents, folder, formats, options, turns, identify)
        parts: dict[str, Future[list[Path]]] = {}
        others, written = _in_parts(work, parts, turns), {}
        for number, (form, tables) in sorted(
            enumerate(jobs),
            key=lambda job: (job[1][0] is first, sum(rows[t.name] for t in job[1][1])),
            reverse=True,
        ):
            written[number] = pool.submit(form.write, tables, work if form is first else others)
            if form is first and work.cuts.get(tables[0].name):
                parts[tables[0].name] = written[number]
        try:
            for job in as_completed(written.values()):
                job.result()
        except ImportError as error:  # a package is there and does not work
            said = " ".join(str(error).split())
            raise StancedataError(
                f"{folder}: a package that a format needs does not work: {said}; install it again"
            ) from None
        finally:
            turns.stop()  # after a failure, skip the rest
    return [path for number in sorted(written) for path in written[number].result()]


def _in_parts(work: Work, parts: Mapping[str, Future[list[Path]]], turns: _Turns) -> Work:
    """Give other formats the rows of partitioned tables in the order in which readers get the files."""

    def batches(name: str) -> Iterable[pa.Table]:
        if name not in parts:
            return work.batches(name)
        try:
            files = parts[name].result()  # waits before it takes a turn
        except Exception:
            return ()  # the writer of Parquet reports it
        return turns.of(parquet.rows_of(files))

    return attrs.evolve(work, batches=batches)


def _in_unicode(name: str, contents: Contents) -> Iterator[pa.Table]:
    """Yield the rows of a table; those of tables that were made in memory can have any bytes.

    Raises:
        StancedataError: If a text is not Unicode, such as one with half a character.
    """
    import pyarrow as pa

    is_validated = contents.tables.is_validated(name)
    for rows in contents.batches(name):
        try:
            rows.validate(full=not is_validated)
        except pa.ArrowInvalid as error:
            raise StancedataError(
                f"{name}: cannot be written: {' '.join(str(error).split())}; give texts in UTF-8"
            ) from None
        yield rows


def _jobs(form: Format, tables: list[Table]) -> list[tuple[Format, tuple[Table, ...]]]:
    """List the files to write in a format, each with its tables."""
    own = tuple(tables)
    return [(form, own)] if form.is_one_file else [(form, (table,)) for table in own]


def _work(
    contents: Contents,
    folder: Path,
    formats: tuple[str, ...],
    options: Options,
    turns: _Turns,
    identify: Callable[[], Identity],
) -> Work:
    """Collect what the writers need, all of it before any of them starts."""
    has_labels = any(FORMATS[name].labels for name in formats)
    return Work(
        folder,
        lambda name: turns.of(_in_unicode(name, contents)),
        identify,
        contents.tables.schema_version,
        contents.about,
        # A panel stays whole, since it is merged as a whole.
        cuts={
            t.name: parquet.partition_column(
                t, options.partition_by, partial(contents.batches, t.name)
            )
            for t in tables_of(contents.tables.schema_version)
        },
        level_labels=level_labels_of(contents.tables["levels"]) if has_labels else {},
        csv_bom=options.csv_bom,
        csv_plain=options.csv_plain,
    )


class _Turns:
    """Lets `WRITERS` tables be written at a time."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(WRITERS)
        self._stopped = False

    def of(self, batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Yield the rows of a table when it is its turn, which ends with the last of them."""
        with self._free:
            for rows in batches:
                if self._stopped:
                    return
                yield rows

    def stop(self) -> None:
        """Yield nothing more, and let those that wait end.

        A writer that failed keeps its turn, since its traceback keeps the rows.
        """
        self._stopped = True
        self._free.release()  # one is enough: each that gets it passes it on
