"""The result of a reliability measurement: figures that print as a table, and disagreements."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import attrs

from stancedata import text as rendering
from stancedata.model.printed import Printed
from stancedata.problems import StancedataError, one_of, shown, there_are
from stancedata.tables.columns import read_table

if TYPE_CHECKING:
    import pyarrow as pa

FIGURES = read_table(
    "reliability",
    "field issue_id",
    "Agreement between coders, one figure per row.",
    """
field string: What is compared (presence, stances, holders, level, ambiguous, dates).
issue_id string?: Issue; null where all of them are taken together.
measure string: How it is measured.
coders string: Who coded, blind.
units int32: Units that at least two of them coded.
documents int32: Documents that contain these units.
equal int32: Units on which all their coders agree.
value float64?: Alpha, or the share; null if none is reported.
low float64?: Lower end of the 95 % interval; null if none is reported.
high float64?: Upper end of it.
draws int32: Bootstrap draws of documents behind the interval, without those that have no variance.
note string?: Why no value or no interval is reported.
""",
    derived=True,
)
DISAGREEMENTS = read_table(
    "disagreements",
    "document_id issue_id field stances_1 stances_2",
    "Disagreements between two coders, one per row, with how each was resolved.",
    """
document_id string: Document.
issue_id string: Issue; if the coders chose different ones, that of the first coder.
field string: What differs.
measured bool: Whether it counts in a figure; other fields are only listed.
coder_1 string: One coder.
value_1 string?: The value of the first; null for nothing.
stances_1 string?: Its stances, separated by a comma and a space.
coder_2 string: The other coder.
value_2 string?: The value of the second; null for nothing.
stances_2 string?: Its stances.
published string?: Published stances matched with these.
adjudication string?: What was decided about these stances, and why.
""",
    derived=True,
)


@attrs.frozen
class Figure(Printed):
    """The agreement of coders on one field.

    Attributes:
        field: `presence`, `stances`, `holders`, `level`, `ambiguous` or `dates`.
        issue_id: The issue; None if all issues are pooled.
        measure: `alpha, nominal`, `alpha, MASI`, `alpha, ordinal` or `share`.
        coders: The blind coders.
        units: Number of units that at least two of them coded.
        documents: Number of documents that contain these units.
        equal: Number of units on which all their coders agree.
        value: Alpha, or the share; None if none is reported.
        low: Lower end of the 95 % interval; None if none is reported.
        high: Upper end of the interval.
        draws: Number of bootstrap samples behind the interval.
        note: Why no value or no interval is reported.
    """

    field: str
    issue_id: str | None
    measure: str
    coders: tuple[str, ...]
    units: int
    documents: int
    equal: int
    value: float | None
    low: float | None = None
    high: float | None = None
    draws: int = 0
    note: str | None = None

    def __str__(self) -> str:
        about = f"{self.field} of {self.issue_id}" if self.issue_id else self.field
        value = "none" if self.value is None else f"{self.value:.3f}"
        between = f", {self._interval()}" if self._interval() else ""
        why = f"; {self.note}" if self.note else ""
        return f"{about}: {self.measure} {value}{between}, units: {self.units}{why}"

    def _interval(self) -> str:
        if self.low is None or self.high is None:
            return ""
        return f"{self.low:.3f} to {self.high:.3f}"

    def cells(self) -> list[str]:
        """Format the figure as one row under `HEADS`."""
        return [
            self.field,
            self.issue_id or "all",
            self.measure,
            str(self.units),
            str(self.documents),
            str(self.equal),
            "none" if self.value is None else f"{self.value:.3f}",
            self._interval(),
            self.note or "",
        ]


HEADS = (
    "field",
    "issue",
    "measure",
    "units",
    "documents",
    "equal",
    "value",
    "95 % interval",
    "note",
)


@attrs.frozen(repr=False)
class Reliability:
    """Agreement between blind coders; prints as a table and converts to Arrow.

    Attributes:
        coders: The coders compared, in order of name.
        documents: Ids of the documents that at least two of them coded.
        left_out: Ids of the documents in which only one of them coded a stance.
        figures: The figures, in order of field and issue.
        disagreements: Every disagreement between two coders, with its adjudication.
        draws: Number of bootstrap samples of documents for the intervals.
        seed: Seed of the random samples.
    """

    coders: tuple[str, ...]
    documents: tuple[str, ...]
    left_out: tuple[str, ...]
    figures: tuple[Figure, ...]
    disagreements: pa.Table = attrs.field(eq=False)
    draws: int
    seed: int

    def figure(self, field: str, issue: str | None = None) -> Figure:
        """Look up one figure.

        Args:
            field: `presence`, `stances`, `holders`, `level`, `ambiguous` or `dates`.
            issue: The id of an issue; `level` has a figure for each issue but none for all.

        Raises:
            StancedataError: If the figure does not exist; the message lists those that do.
        """
        found = [f for f in self.figures if (f.field, f.issue_id) == (field, issue)]
        if not found:
            there = [f"{f.field} of {f.issue_id}" if f.issue_id else f.field for f in self.figures]
            got = f"{field} of {issue}" if issue else field
            raise StancedataError(
                f"figure: does not exist, got {shown(got)}; {there_are(len(there), one_of(there, 40))}"
            )
        return found[0]

    def to_arrow(self) -> pa.Table:
        """Make a table with one row per figure."""
        import pyarrow as pa

        rows = [{**attrs.asdict(f), "coders": ", ".join(f.coders)} for f in self.figures]
        return pa.Table.from_pylist(rows, schema=FIGURES.schema)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as a new Arrow stream."""
        stream: object = self.to_arrow().__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream

    def __repr__(self) -> str:
        return (
            f"<reliability of {', '.join(self.coders)}: {len(self.documents)} documents, "
            f"{len(self.figures)} figures, {self.disagreements.num_rows} disagreements>"
        )

    def _title(self) -> str:
        return f"{' and '.join(self.coders)}, coded blind; documents: {len(self.documents)}"

    def _below(self) -> str:
        listed = self.disagreements.num_rows
        counted = self.disagreements["measured"].to_pylist().count(True)
        left = f"; documents with a single coder, left out: {len(self.left_out)}"
        return (
            f"disagreements: {listed}, {counted} of them in what is measured"
            f"{left if self.left_out else ''}"
        )

    def __str__(self) -> str:
        rows = [figure.cells() for figure in self.figures]
        return "\n".join([self._title(), rendering.table(HEADS, rows), self._below()])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in figure.cells())}</tr>"
            for figure in self.figures
        )
        heads = "".join(f"<th>{head}</th>" for head in HEADS)
        title, below = html.escape(self._title()), html.escape(self._below())
        return f"<table><caption>{title}</caption><tr>{heads}</tr>{rows}</table><p>{below}</p>"
