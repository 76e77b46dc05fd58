"""Describe an export as Croissant 1.1, JSON-LD that machine-learning tools and search engines read.

The JSON is written directly, since mlcroissant would bring a dozen packages to every export; the
tests validate the result with it. It reads no record set of a dataset whose references form a
cycle, as documents and events do, so references are in `datapackage.json` and the codebook only.
"""

from __future__ import annotations

import json

from stancedata.exports.description import START, Description
from stancedata.tables.columns import Table

NAME = "croissant.json"
_JSON = {"@type": "@json"}
_TERMS = [
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "extract",
    "field",
    "fileProperty",
    "fileObject",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
]
_CONTEXT: dict[str, object] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", **_JSON},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", **_JSON},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in _TERMS},
}
_TYPES = {
    "string": "sc:Text",
    "int32": "sc:Integer",
    "float64": "sc:Float",
    "bool": "sc:Boolean",
    "date32": "sc:Date",
}
_MEDIA = {"parquet": "application/x-parquet", "csv": "text/csv"}


def croissant_text(export: Description) -> str:
    """Return the text of `croissant.json`; actors are linked to their Wikidata items by `about`."""
    kind = "parquet" if (START, "parquet") in export.files else "csv"
    found: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": export.about.name,
        "description": f"{export.about.title}. {export.summary}",
        "license": export.licence.url or "LICENSE",
        "version": export.identity.version,
        "creator": [{"@type": "sc:Organization", "name": n} for n in export.about.authors],
        "datePublished": export.day,
        "url": export.about.url or f"urn:sha256:{export.identity.digest}",
        "citeAs": export.cite("bibtex"),
        "about": [
            {
                "@id": f"https://www.wikidata.org/entity/{actor['wikidata']}",
                "@type": "sc:Thing",
                "name": actor["name"],
            }
            for actor in export.actors
            if actor["wikidata"]
        ],
        "distribution": [_source(export, table, kind) for table in _tables(export, kind)],
        "recordSet": [_records(export, table, kind) for table in _tables(export, kind)],
    }
    whole = {key: value for key, value in found.items() if value}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _tables(export: Description, kind: str) -> list[Table]:
    return [table for table in export.tables if (table.name, kind) in export.files]


def _source(export: Description, table: Table, kind: str) -> dict[str, object]:
    """Describe the file of a table, or the set of its files."""
    (first, *_) = export.files[table.name, kind]
    if "/" in first:
        found = {
            "@type": "cr:FileSet",
            "@id": f"{table.name}-files",
            "includes": export.glob(table),
        }
        return {**found, "name": f"{table.name}-files", "encodingFormat": _MEDIA[kind]}
    return {
        "@type": "cr:FileObject",
        "@id": first,
        "name": first,
        "contentUrl": first,
        "contentSize": f"{(export.folder / first).stat().st_size} B",
        "encodingFormat": _MEDIA[kind],
        "sha256": export.digests[export.folder / first],
    }


def _records(export: Description, table: Table, kind: str) -> dict[str, object]:
    (first, *_) = export.files[table.name, kind]
    is_cut = "/" in first
    source = (
        {"fileSet": {"@id": f"{table.name}-files"}} if is_cut else {"fileObject": {"@id": first}}
    )
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{table.name}/{column.name}",
            "name": column.name,
            "description": column.description,
            "dataType": _TYPES[column.type],
            "source": {**source, "extract": {"column": column.name}},
        }
        for column in table.columns
    ]
    key = [{"@id": f"{table.name}/{name}"} for name in export.key_of(table)]
    about = {"@type": "cr:RecordSet", "@id": table.name, "name": table.name}
    return {**about, "description": table.description, "key": key, "field": fields}
