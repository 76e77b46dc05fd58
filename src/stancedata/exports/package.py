"""Describe an export as a Data Package v2: resources with schemas, keys, sizes and digests.

The JSON is written directly: frictionless 5 writes profiles of version 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stancedata.exports.description import START, Description
from stancedata.tables.columns import Column, Table

NAME = "datapackage.json"
_PROFILES = "https://datapackage.org/profiles/2.0"
TYPES = {
    "string": "string",
    "int32": "integer",
    "float64": "number",
    "bool": "boolean",
    "date32": "date",
}
_MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}


def package_text(export: Description) -> str:
    """Return the text of `datapackage.json`."""
    found = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": export.about.name,
        "id": f"urn:sha256:{export.identity.digest}",
        "title": export.about.title,
        "description": f"{export.summary} Start with {START}.",
        "homepage": export.about.url,
        "version": export.identity.version,
        "created": f"{export.day}T00:00:00Z" if export.day else None,
        "licenses": [_licence(export)],
        "contributors": _contributors(export),
        "sources": _sources(export),
        "resources": [
            resource
            for table in export.tables
            for kind in _MEDIA
            for resource in _resources(export, table, kind)
        ],
    }
    whole = {key: value for key, value in found.items() if value}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _resources(export: Description, table: Table, kind: str) -> Iterator[dict[str, Any]]:
    """Describe each file of a table in a format."""
    files = export.files.get((table.name, kind), [])
    for number, file in enumerate(files, 1):
        yield _resource(export, table, kind, file, f".{number}" if len(files) > 1 else "")


def _licence(export: Description) -> dict[str, str]:
    licence = export.licence
    if not licence.id:
        return {"path": "LICENSE", "title": "No licence is stated"}
    return {"name": licence.id, "path": licence.url, "title": licence.name}


def _contributors(export: Description) -> list[dict[str, object]]:
    authors = [{"title": name, "roles": ["author"]} for name in export.about.authors]
    coders = [{"title": c["name"] or c["coder"], "roles": ["coder"]} for c in export.coders]
    return [*authors, *coders]


def _sources(export: Description) -> list[dict[str, str]]:
    rows = [{"title": row["name"], "path": row["url"]} for row in export.corpora]
    return [{key: value for key, value in row.items() if value} for row in rows]


def _resource(
    export: Description, table: Table, kind: str, file: str, part: str
) -> dict[str, object]:
    """Describe a file; each part of a partitioned table is a resource, since programs cannot join Parquet."""
    found: dict[str, object] = {
        "name": (table.name if kind == "parquet" else f"{table.name}-{kind}") + part,
        "type": "table",
        "path": file,
        "description": table.description,
        "format": kind,
        "mediatype": _MEDIA[kind],
        "rowCount": _rows(export.folder / file) if part else export.rows[table.name],
    }
    if kind == "csv":
        # Of Parquet, frictionless computes neither, and reports them as wrong.
        found["encoding"] = "utf-8"
        found["bytes"] = (export.folder / file).stat().st_size
        found["hash"] = f"sha256:{export.digests[export.folder / file]}"
    return {**found, "schema": schema_of(export, table, kind)}


def _rows(file: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(file).num_rows)


def schema_of(export: Description, table: Table, kind: str) -> dict[str, object]:
    """Return the Table Schema of a table; no foreign key leads to a table in several files."""
    key = export.key_of(table)
    suffix = "" if kind == "parquet" else f"-{kind}"
    tables = {target.name: target for target in export.tables}
    version = export.identity.schema_version
    links = []
    for column in table.columns:
        name, _ = export.reference(column) or ("", "")
        if len(export.files.get((name, kind), [])) == 1:
            pairs = table.link(column, tables[name], version)
            target = {"resource": name + suffix, "fields": [*pairs.values()]}
            links.append({"fields": [*pairs], "reference": target})
    return {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(export, column, key) for column in table.columns],
        "primaryKey": key,
        **({"foreignKeys": links} if links else {}),
    }


def _field(export: Description, column: Column, key: list[str]) -> dict[str, object]:
    limits: dict[str, Any] = {} if column.nullable else {"required": True}
    if key == [column.name]:
        limits["unique"] = True
    if values := export.allowed.values(column):
        limits["enum"] = values
    return {
        "name": column.name,
        "type": TYPES[column.type],
        "description": column.description,
        **({"constraints": limits} if limits else {}),
    }
