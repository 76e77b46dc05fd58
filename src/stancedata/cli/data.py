"""Commands that show, export and verify data, and write a site of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stancedata.cli.base import CORPUS, DATA, FORMAT, PATH, commands, ids, known_at, open_dataset
from stancedata.problems import StancedataError, counted, one_of


@commands.command()
@DATA
@FORMAT
def info(path: Path | None, style: str) -> None:
    """Show version, digest, counts and time span.

    Rows of holders are counted, as they are in the table `holders`: a holder once for each stance.
    """
    from stancedata import text as rendering
    from stancedata.dataset.packaged import up_to_date_folder
    from stancedata.dataset.summary import of_folder
    from stancedata.tables.parquet import is_parquet_folder

    folder = up_to_date_folder() if path is None else path
    if known_at() is None and folder is not None and is_parquet_folder(folder):
        summary = of_folder(folder)
    else:
        from stancedata.temporary import temporary_folder

        with temporary_folder() as compiled:
            open_dataset(path).export(compiled / "export", panel=False)
            summary = of_folder(compiled / "export")
    if style != "table":
        _show_row({f: getattr(summary, f) for f in _SUMMARY} | dict(summary.counts), style)
        return
    days = f"{summary.first} to {summary.last}" if summary.first else "none yet"
    counts = [(_COUNTED.get(name, name), count) for name, count in summary.counts.items()]
    click.echo(
        rendering.fields(
            [
                ("stancedata", summary.version),
                ("schema", summary.schema_version),
                ("digest", summary.digest),
                ("days", days),
                *counts,
            ]
        )
    )


_COUNTED = {"holders": "holder rows", "second_stances": "blind stances"}
"""What the counts are of, where the name of the table does not say it."""
_SUMMARY = ("version", "schema_version", "digest", "first", "last")


def _show_row(row: dict[str, Any], style: str) -> None:
    import pyarrow as pa

    from stancedata.cli.output import show_table

    show_table(pa.Table.from_pylist([row]), style)


@commands.command()
@click.argument("folder", type=PATH)
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("parquet",),
    metavar="NAME",
    help="parquet (the default), csv, dta (Stata), sav (SPSS), xlsx (Excel), sqlite or duckdb; "
    "repeat it for several.",
)
@click.option(
    "--partition-by",
    default="",
    metavar="COLUMN",
    help="Split tables that have this column, such as issue_id, into one file per value.",
)
@click.option(
    "--panel/--no-panel",
    default=None,
    help="Write panel_month and panel_year too; by default if they have at most 500,000 rows.",
)
@click.option("--csv-bom", is_flag=True, help="Begin CSV with a byte order mark, for Excel.")
@click.option(
    "--csv-plain",
    is_flag=True,
    help="CSV for programs: no apostrophe before texts that a spreadsheet would run as formulas.",
)
@click.option(
    "--archive",
    is_flag=True,
    help="Write one zip to FOLDER instead, named after dataset and version.",
)
@DATA
def export(
    folder: Path,
    formats: tuple[str, ...],
    partition_by: str,
    panel: bool | None,
    csv_bom: bool,
    csv_plain: bool,
    archive: bool,
    path: Path | None,
) -> None:
    """Write every table to FOLDER.

    FOLDER may be new, empty, or an earlier export. An earlier export is replaced atomically and as a
    whole: formats that are not given again are removed. Files of others in it are named and left
    alone; a table of theirs stops the command. Beside the tables are a README, the licence,
    citations, checksums, and descriptions for programs: Data Package, Croissant and dbt. The panels
    have what stands at the end of each month and year, to merge with other data.

    Tables of any size are streamed. With --partition-by, tables that have that column become folders
    with a file for each value, stances/stances-recognition.parquet, which has all columns. A table
    with nulls in that column stays whole.

    With --archive, FOLDER may hold other files, and an earlier archive of that version is replaced.
    """
    from stancedata.exports.formats.writers import refuse_formats
    from stancedata.tables.manifest import foreign_files

    refuse_formats(formats)  # before the data are read, which can take long
    dataset = open_dataset(path)
    files = dataset.export(
        folder, formats, partition_by, panel, csv_bom=csv_bom, csv_plain=csv_plain, archive=archive
    )
    rows = dataset.tables.rows("positions")
    names = [file.relative_to(folder).parts[0] for file in files]
    first = next((name for name in names if name.partition(".")[0] == "positions"), names[0])
    held = counted(rows, "position")
    begin = f"unpack {first}" if archive else f"start with {first}"
    click.echo(f"{counted(len(files), 'file')} in {folder}, {held}; {begin}")
    if not archive and (foreign := foreign_files(folder)):
        click.echo(f"not from the export, and left alone: {one_of(foreign)}")


@commands.command()
@click.argument("folder", metavar="DIR", type=PATH)
@CORPUS
@DATA
def site(folder: Path, corpus: Path | None, path: Path | None) -> None:
    """Write a site to explore the data, as pages that open from disk.

    DIR may be new, empty, or an earlier site, which is replaced as a whole. Open DIR/index.html in a
    browser, or put the folder on any web server; no page loads anything from elsewhere.

    With a corpus, the pages show the words of documents that anyone may publish; for others they
    have a summary, the place in the document and a link.

    For example: stancedata site explorer/, stancedata site explorer/ --data data/
    """
    from stancedata import site as pages

    files = pages.write(open_dataset(path), folder, corpus)
    size = sum(file.stat().st_size for file in files)
    click.echo(f"{counted(len(files), 'file')}, {size / 1e6:.1f} MB; open {folder / 'index.html'}")


@commands.command()
@click.argument(
    "record_id",
    metavar="ID",
    shell_complete=ids("actors", "documents", "events", "issues", "stances"),
)
@CORPUS
@DATA
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json"]),
    default="table",
    help="Output format.",
)
def show(record_id: str, corpus: Path | None, path: Path | None, style: str) -> None:
    """Show any record by its id.

    An actor may also be given by name or code. Run `stancedata list` to see ids.

    For example: stancedata show moscow-format-2021-10-20, stancedata show russia,
    stancedata show chintan-2021-10#s01

    With a corpus, a stance is shown with its exact words. JSON has an array, since records of two
    kinds may share an id.
    """
    from stancedata.cli.records import record_json
    from stancedata.cli.records import show as show_record
    from stancedata.model.corpus import Corpus

    if style == "json":
        click.echo(record_json(open_dataset(path), record_id))
        return
    click.echo(show_record(open_dataset(path), record_id, Corpus(corpus) if corpus else None))


@commands.command()
@CORPUS
@DATA
def verify(corpus: Path | None, path: Path | None) -> None:
    """Verify every evidence span against the documents' texts.

    The exit status is 1 if a span cannot be verified.
    """
    if corpus is None:
        raise StancedataError("corpus: is missing; give the folder with --corpus DIR")
    found = open_dataset(path).verify(corpus)
    for problem in found.problems:
        click.echo(str(problem))
    click.echo(str(found))
    if not found.complete:
        raise SystemExit(1)


@commands.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a script that completes commands, options and ids in SHELL.

    Put this line into ~/.bashrc:

        eval "$(stancedata completion bash)"

    The same with zsh into ~/.zshrc; for fish, write the script to
    ~/.config/fish/completions/stancedata.fish.
    """
    from click.shell_completion import get_completion_class

    if made := get_completion_class(shell):
        click.echo(made(commands, {}, "stancedata", "_STANCEDATA_COMPLETE").source())


@commands.command("list")
@click.argument("kind", type=click.Choice(["actors", "documents", "events", "issues", "stances"]))
@DATA
@FORMAT
def list_(kind: str, path: Path | None, style: str) -> None:
    """List the ids of one KIND of record; every column with --format csv, json or parquet."""
    from stancedata.cli.output import show_table

    columns = {
        "actors": ("actor_id", "name", "kind"),
        "documents": ("document_id", "publisher", "published_on", "title"),
        "events": ("event_id", "held_on", "name"),
        "issues": ("issue_id", "name", "core"),
        "stances": ("stance_id", "issue_id", "level_name", "stated_on", "attribution"),
    }[kind]
    show_table(open_dataset(path).tables[kind], style, columns)
