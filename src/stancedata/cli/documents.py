"""Commands for documents: create their files, one or many, and fill in what coders wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stancedata.cli.base import (
    CORPUS,
    DOCUMENT,
    FOLDER,
    FORMAT,
    PATH,
    code,
    exclusive,
    options,
    report,
)
from stancedata.cli.command import kinds
from stancedata.problems import StancedataError, counted


@code.command("new", cls=kinds("document_kind"))
@click.option("--text", type=PATH, metavar="FILE", help="File with the text, in UTF-8.")
@click.option(
    "--id",
    "name",
    default="",
    metavar="ID",
    help="Id of the document; by default event and author, for other speeches author and day, or publisher and day.",
)
@click.option(
    "--batch",
    type=PATH,
    metavar="FILE",
    help="CSV with a row for each of many documents; --text and --id are columns of it.",
)
@options(
    ("title", "Title."),
    ("publisher", "Publisher."),
    ("author", "Author."),
    ("kind", "Kind of document, for example news."),
    ("published-on", "Date of publication: a day, or a range of possible days."),
    ("url", "Web address."),
    ("licence", "Licence of its text: an SPDX identifier, or public-domain."),
    ("derived-from", "Id of the document that this one copies."),
    ("event", "Event whose text it is."),
    ("coverage", "Corpus to which it belongs."),
    ("read", "How much of it was read: whole or beginning."),
    ("retrieved-on", "Day on which the text was retrieved."),
    ("status", "Whether it stands: as_published, corrected or withdrawn."),
    ("note", "Note for readers."),
)
@click.option(
    "--author-id",
    "authors",
    multiple=True,
    metavar="ID",
    help="Actor whose text it is; can be repeated. --author is for a byline that is not an actor.",
)
@click.option("--language", default="en", show_default=True, help="ISO 639 code.")
@click.option("--coder", default="coder-1", show_default=True, help="Coder, named by role.")
@click.option("--coded-date", metavar="DAY", help="Day of coding, today by default.")
@FOLDER
@CORPUS
@exclusive
def new(
    path: Path,
    text: Path | None,
    name: str,
    batch: Path | None,
    corpus: Path | None,
    **fields: Any,
) -> None:
    """Create the file of a new document, or with --batch the files of many.

    It records the digest and length of the text and lists, as comments, the actors that the text
    names and the sentences with cue words of an issue. The text itself is not copied.

    For example: stancedata code new --text texts/post.txt --title "Talks end" --publisher
    "Daily Post" --kind news --published-on 2021-10-21

    A table for --batch has some of the columns id, text, title, publisher, author, authors, speaker,
    kind, language, published_on, url, licence, derived_from, event, coverage, read, retrieved_on, status,
    coder, coded_date and note; other options fill empty cells. Text is a path in --corpus or beside
    the table; several authors are separated by |, and actors and events may be named. Comments of
    these files quote the sentences to read first; `stancedata code fill` removes them.

    For example: stancedata code new --batch list.csv --corpus texts/ --kind speech
    """
    if batch is not None:
        _many(path, batch, corpus, {**fields, "text": text, "id": name})
        return
    from stancedata.coding.drafts import new_document

    made = new_document(path, text, fields, name)
    report(made, f"created {made.record_id}")
    for actor_id, count in list(made.actors.items())[:12]:
        click.echo(
            f"  {actor_id} is named {count} times" if count > 1 else f"  {actor_id} is named once"
        )
    if text is not None:
        click.echo(
            f"  {counted(made.sentences, 'sentence')} may carry a position: "
            f"stancedata code review {made.record_id} --corpus DIR"
        )


def _many(path: Path, table: Path, corpus: Path | None, fields: dict[str, Any]) -> None:
    from stancedata.coding.batch import new_documents

    for option in ("text", "id"):
        if fields.pop(option):
            raise StancedataError(
                f"--{option}: belongs to one document; make it a column of {table}"
            )
    made = new_documents(path, table, corpus, fields)
    for file, sentences in made.written.items():
        click.echo(f"{file}: created, {counted(sentences, 'sentence')} to read first")
    there = f", {len(made.skipped)} there before" if made.skipped else ""
    click.echo(f"{counted(len(made.written), 'document')} created{there}")


@code.command("fill")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@CORPUS
@click.option(
    "--texts",
    type=PATH,
    metavar="DIR",
    help="Folder with the documents' texts, each as DOCUMENT.txt.",
)
@exclusive
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


@code.command("compare")
@DOCUMENT
@click.option(
    "--coder",
    "coders",
    multiple=True,
    metavar="ID",
    help="Only this coder beside what is published; can be repeated.",
)
@FOLDER
@CORPUS
@FORMAT
def compare(
    document: str, coders: tuple[str, ...], path: Path, corpus: Path | None, style: str
) -> None:
    """Show the blind codings of DOCUMENT and its published stances side by side.

    Stances are matched as `stancedata reliability` matches them, and published ones by what the
    codings say about their adjudication. Fields in which the coders differ are marked with ≠.

    For example: stancedata code compare moscow-format-2021-10-20 --corpus texts/
    """
    from stancedata.editorial.comparison import compare as compared

    found = compared(path, document, corpus, coders)
    if style == "table":
        click.echo(str(found))
    else:
        from stancedata.cli.output import show_table

        show_table(found.table(), style)


@code.command("adjudicate")
@DOCUMENT
@click.option(
    "--coder",
    "coders",
    multiple=True,
    metavar="ID",
    help="Only this coder's coding; can be repeated.",
)
@click.option("--replace", is_flag=True, help="Replace stances that are published already.")
@click.option(
    "--link", is_flag=True, help="Once it is decided: name the published stances in the codings."
)
@FOLDER
@exclusive
def adjudicate(
    document: str, coders: tuple[str, ...], replace: bool, link: bool, path: Path
) -> None:
    """Start the published stances of DOCUMENT from its blind codings.

    What all coders have alike is written as it is. Where they differ, the value is DECIDE and
    comments show each coder's: an editor writes what is to be published. The same holds for the id
    of a stance that some coders do not have: delete `id: DECIDE` after the hyphen to keep the
    stance, or delete the stance. `check` and `code fill` name what is not decided yet; `code fill`
    then removes the comments. Summary and note are the first coder's, with the others' in comments.

    With --link, each blind stance gets `published`, the stance that it is matched with; how it was
    decided is for you to write there, as `adjudication`.

    For example: stancedata code adjudicate moscow-format-2021-10-20
    """
    from stancedata.editorial.adjudication import adjudicate as start
    from stancedata.editorial.adjudication import link as link_codings

    if not link:
        click.echo(str(start(path, document, coders, replace)))
        return
    if coders or replace:
        raise StancedataError("--link: links every coding and writes no stances; give it alone")
    linked = link_codings(path, document)
    for file, count in linked.items():
        click.echo(f"{file}: {counted(count, 'stance')} linked")
    if not linked:
        click.echo(f"{document}: has no stance to link", err=True)
