"""Commands for coders: add documents, stances and spans, and review them."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata.cli import base
from stancedata.cli.base import (
    CORPUS,
    FOLDER,
    PATH,
    code,
    exclusive,
    options,
    report,
    report_problems,
)
from stancedata.cli.command import OnceCommand
from stancedata.problems import counted

if TYPE_CHECKING:
    from stancedata.editorial.changes import Changed


class _StanceCommand(OnceCommand):
    """A command with an option for every text field of a stance, even if not declared here."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self._others, *super().get_params(ctx)]

    @functools.cached_property
    def _others(self) -> list[click.Parameter]:
        # Imported late: only this command needs the records, which are slow to load.
        from stancedata.curation.descriptions import text_fields
        from stancedata.curation.records import StanceRecord

        named = {parameter.name for parameter in self.params}
        return [
            click.Option([f"--{name.replace('_', '-')}"], metavar="TEXT", help=column.description)
            for name, column in text_fields(StanceRecord).items()
            if name not in named
        ]


@code.command("stance", cls=_StanceCommand)
@base.DOCUMENT
@click.option(
    "--holder", multiple=True, metavar="ID", help="Holder of the position; can be repeated."
)
@click.option(
    "--dissociates",
    multiple=True,
    metavar="ID",
    help="Actor that signed the text but rejects this clause; can be repeated.",
)
@options(
    ("issue", "Issue."),
    ("level", "Name of the level."),
    ("act", "Speech act, for example urges."),
    ("attribution", "How it is known: direct, quoted, reported or third_party."),
    (
        "stated-on",
        "Date: 2021-10-20; 2021-10-09/2021-10-10 for every day of a period; "
        "[2021-08-15..2021-10-20] for one unknown day of it.",
    ),
    ("confidence", "high, medium or low."),
    ("summary", "One sentence in your own words."),
    ("speaker", "Actor that voices it."),
    ("target", "Actor called on to act, or recipient."),
    ("quantifier", "Share of a meeting that holds it, for example most."),
    ("event", "Event at which it was stated."),
    ("date-kind", "Kind of date, if the text allows several: day, lasting or uncertain."),
    ("dated-by", "Document that gives the date, if the text does not."),
    ("note", "Note for readers."),
    ("locator", "Paragraph or sentence, if there is no text."),
)
@click.option(
    "--attributed-by",
    multiple=True,
    metavar="ID",
    help="Actor that attributes it to the holder, only with third_party; can be repeated.",
)
@click.option(
    "--aspect", multiple=True, metavar="NAME", help="Aspect of the issue; can be repeated."
)
@click.option(
    "--condition",
    multiple=True,
    metavar="TEXT",
    help="Condition in your own words, with `ISSUE: ` in front if it is about an issue; can be repeated.",
)
@click.option(
    "--words",
    multiple=True,
    metavar="TEXT",
    help="Words of the text that express it; can be repeated.",
)
@click.option(
    "--occurrence",
    multiple=True,
    type=int,
    metavar="N",
    help="Which occurrence of the words, from 1; repeat it for each --words.",
)
@FOLDER
@CORPUS
@exclusive
def stance(
    path: Path,
    corpus: Path | None,
    document: str,
    holder: tuple[str, ...],
    dissociates: tuple[str, ...],
    attributed_by: tuple[str, ...],
    aspect: tuple[str, ...],
    condition: tuple[str, ...],
    words: tuple[str, ...],
    occurrence: tuple[int, ...],
    **fields: str | None,
) -> None:
    """Add a stance to the file of DOCUMENT.

    The stance gets the next free number, and the spans and digests of its words. It is checked
    first: if it breaks a rule, the problem is reported and the file is not changed.

    For example: stancedata code stance daily-post-2021-10-21 --holder northland --issue
    recognition --level withholds --act states --attribution quoted --stated-on 2021-10-20
    --confidence high --summary "Not now." --words "We do not recognise them" --corpus texts/
    """
    from stancedata.coding.drafts import add_stance

    holders: list[Any] = [*holder, *({"holder": d, "role": "dissociates"} for d in dissociates)]
    given: dict[str, Any] = {
        **fields,
        "holders": holders,
        "attributed_by": attributed_by[0] if len(attributed_by) == 1 else attributed_by,
        "aspects": aspect,
        "conditions": list(map(_condition, condition)),
    }
    made = add_stance(path, document, given, words, corpus, occurrence)
    report(made, f"{made.record_id} is added")


def _condition(text: str) -> dict[str, str]:
    issue, colon, condition = text.partition(": ")
    plain = not colon or " " in issue
    return {"condition": text} if plain else {"condition": condition, "issue": issue}


@code.command("text")
@base.DOCUMENT
@click.option(
    "--text",
    type=PATH,
    required=True,
    metavar="FILE",
    help="File with the current text, in UTF-8.",
)
@click.option("--write", is_flag=True, help="Write the new digest, length and spans.")
@FOLDER
@exclusive
def text_(document: str, text: Path, write: bool, path: Path) -> None:
    """Find the spans of DOCUMENT in a changed text.

    Each span is looked up by its digest: it is unchanged, has moved, or is lost. If one is lost,
    nothing is written and the exit status is 1: code that stance again first.
    """
    from stancedata.coding.drafts import change_text

    found = change_text(path, document, text, write)
    for span in found:
        if span.before != span.after:
            click.echo(str(span))
    lost = sum(span.lost for span in found)
    same = sum(span.before == span.after for span in found)
    click.echo(
        f"{document}: {counted(len(found), 'span')}: {same} unchanged, "
        f"{len(found) - same - lost} moved, {lost} lost"
    )
    if lost:
        raise SystemExit(1)
    if write:
        click.echo(f"{document}: written")


@code.command("review")
@base.DOCUMENT
@FOLDER
@CORPUS
def review(document: str, path: Path, corpus: Path | None) -> None:
    """Show each stance of DOCUMENT beside its words.

    Then list sentences that have cue words of an issue but no stance on it: they may have been
    missed.
    """
    from stancedata.coding.review import review as reviewed

    click.echo(reviewed(path, document, corpus))


@code.command()
@base.DOCUMENT
@click.argument("stance_id", metavar="STANCE")
@click.argument("words")
@click.option(
    "--occurrence", type=int, metavar="N", help="Which occurrence, from 1, if there are several."
)
@click.option(
    "--replace",
    type=int,
    metavar="N",
    help="Replace this piece of evidence, counted from 0, instead of adding one.",
)
@FOLDER
@CORPUS
@exclusive
def span(
    document: str,
    stance_id: str,
    words: str,
    occurrence: int | None,
    replace: int | None,
    path: Path,
    corpus: Path | None,
) -> None:
    """Find WORDS in the text of DOCUMENT and add their span to STANCE.

    The span and its digest are written to the document's file.

    For example: stancedata code span chintan-2021-10 s01 "would not recognise the new regime"

    Quotation marks of all shapes match each other, and so does white space of any length.
    """
    from stancedata.coding.spans import code_span

    found = code_span(path, document, stance_id, words, corpus, occurrence, replace)
    did = "added" if replace is None else f"replacing evidence {replace}"
    name = stance_id.rpartition("#")[2]
    click.echo(f"{document}#{name}: [{found.start}, {found.end}] {found.sha256}, {did}")


REASON = click.option(
    "--reason",
    metavar="REASON",
    default="",
    help="Why, if a release has it: coder_error, for example.",
)
NOTE = click.option("--note", metavar="TEXT", default="", help="A note on the reason.")


@code.command("drop")
@click.argument("stance_id", metavar="STANCE", shell_complete=base.ids("documents", "stances"))
@REASON
@NOTE
@FOLDER
@exclusive
def drop(stance_id: str, reason: str, note: str, path: Path) -> None:
    """Remove STANCE from its file.

    STANCE is DOCUMENT#s01, or CODER/DOCUMENT#s01 for a blind one. The others keep their ids. Blind
    stances that were matched with it lose `published`. If a release has it, --reason and --note are
    written to unreleased/ for the next release.

    For example: stancedata code drop chintan-2021-10#s03 --reason coder_error --note "Said by another."
    """
    from stancedata.editorial.changes import Why
    from stancedata.editorial.removal import drop as drop_stance

    _report(drop_stance(path, stance_id, Why(reason, note)))


@code.command("move")
@click.argument("stance_id", metavar="STANCE", shell_complete=base.ids("documents", "stances"))
@base.DOCUMENT
@REASON
@NOTE
@FOLDER
@CORPUS
@exclusive
def move(
    stance_id: str, document: str, reason: str, note: str, path: Path, corpus: Path | None
) -> None:
    """Move STANCE to the file of DOCUMENT.

    It gets the next free number there, and its words are looked up in the text of that document. Its
    old id is not used again; if a release has it, --reason and --note are needed, as for drop.

    For example: stancedata code move chintan-2021-10#s03 the-correspondent-2021-10-21 --corpus texts/
    """
    from stancedata.editorial.changes import Why
    from stancedata.editorial.removal import move as move_stance

    _report(move_stance(path, stance_id, document, corpus, Why(reason, note)))


@code.command("rename")
@click.argument("old")
@click.argument("new")
@click.option(
    "--kind",
    type=click.Choice(["actor", "event", "document", "coverage"]),
    help="Kind of the record, if several have that id.",
)
@NOTE
@FOLDER
@exclusive
def rename(old: str, new: str, kind: str | None, note: str, path: Path) -> None:
    """Change the id of an actor, event, document or corpus from OLD to NEW.

    Its file and its blind codings are renamed, and every reference in every file is changed; comments
    are kept. Lines of comments and prose that still have the old id are listed. If a release has the
    record, the next release retracts the old id and adds the new one, and the reason is written to
    unreleased/. Names and codes are not changed: edit the file for those.

    For example: stancedata code rename burma myanmar
    """
    from stancedata.editorial.rename import rename as rename_record

    _report(rename_record(path, old, new, kind, note))


def _report(changed: Changed) -> None:
    click.echo(str(changed))
    report_problems(changed.problems)
