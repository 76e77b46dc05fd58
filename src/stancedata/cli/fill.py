"""Commands for many documents at once: fill in coded files, and make skeletons from a list."""

from __future__ import annotations

from pathlib import Path

import click

from stancedata.cli.base import CORPUS, code
from stancedata.problems import counted


@code.command("fill")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@CORPUS
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder with the documents' texts, each as DOCUMENT.txt.",
)
def fill(paths: tuple[Path, ...], corpus: Path | None, texts: Path | None) -> None:
    """Fill in coded files: spans for words, ids for names, and what a stance inherits.

    PATHS are files of documents and blind codings, or folders with such files, `data` by default.
    A stance has `words` where its evidence would stand: words of the text, a list of them, or
    {from: first words, to: last words}; each occurs once in the text. The text is the one with the
    document's digest in --corpus, the file that `text` names, or DOCUMENT.txt in --texts.

    All problems of all files are reported. A file with problems is left as it is, all others are
    written in the canonical layout; a second run changes nothing.

    For example: stancedata code fill data/documents --corpus texts/
    """
    from stancedata.coding.fill import fill as fill_files

    found = fill_files(paths or (Path("data"),), corpus, texts)
    for problem in found.problems:
        click.echo(str(problem), err=True)
    for file, spans in found.written.items():
        click.echo(f"{file}: filled in, {counted(spans, 'span')}")
    wrong = len({problem.where.file for problem in found.problems})
    counts = (
        (len(found.written), "filled in"),
        (len(found.unchanged), "unchanged"),
        (len(found.drafts), "not coded yet"),
        (wrong, "with problems, left as they are"),
    )
    click.echo(", ".join(f"{n} {what}" for n, what in counts if n), err=bool(wrong))
    if wrong:
        raise SystemExit(1)
