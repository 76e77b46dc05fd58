"""Check `data/bounds.yaml`: minimum row counts, so that a bad merge cannot silently lose data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.curation import records
from stancedata.curation.source import read
from stancedata.curation.structure import structure
from stancedata.data_folder import BOUNDS
from stancedata.problems import InvalidDataError, Problem, did_you_mean
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

_RENAMED = {"silences": "exemptions"}


def bound_problems(data: Path, tables: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Yield tables with fewer rows than required, and problems of the bounds file itself."""
    file = data / BOUNDS
    if not file.exists():
        return
    try:
        source = read(file)
    except InvalidDataError as error:
        yield from error.problems
        return
    record, faults = structure(source, records.BoundsRecord)
    yield from (*source.problems, *faults)
    written = source.value.get("least") if isinstance(source.value, dict) else None
    for name in written if isinstance(written, dict) else ():
        if name not in tables:
            hint = did_you_mean(name, BY_NAME) or "write the name of a curated table"
            yield source.problem(("least", name), f"is not a table, got {name!r}; {hint}")
    for name, least in record.least.items() if record else ():
        name = _RENAMED.get(name, name)  # noqa: PLW2901 - tables that schema 2 renamed
        if name in tables and tables[name].num_rows < least:
            what = f"has fewer rows than required, got {tables[name].num_rows} instead of {least}"
            todo = "restore what was lost, or lower the bound and say why in the commit"
            yield source.problem(("least", name), f"{what}; {todo}")
