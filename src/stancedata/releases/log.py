"""Read and write the history's files: one per release, append-only, chained by digest.

The first line of `<version>.jsonl` describes the release and has the digest of the previous file;
each further line is one revision. Every line ends with a digest of itself and the line before it,
and `MANIFEST` names the last file with its digest, so that any change is detected.

A release is committed when `MANIFEST` names it. Until then its file is called
`<version>.jsonl.new`; a draft that `MANIFEST` does not name is left from an interrupted release.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import write_bytes
from stancedata.data_folder import HISTORY, MANIFEST, is_own, listed
from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError
from stancedata.releases.record_contents import KINDS, is_content
from stancedata.releases.revisions import REASONS, History, Release, Revision
from stancedata.releases.version import Version

DRAFT = ".jsonl.new"
_CHAIN = ',"chain":"'
_CONTENT = b',"content":'  # the last key of a revision; within a text, a quote would be escaped
_TAIL = len(_CHAIN) + 64 + len('"}')
_MOST_NAMED = 1000  # bytes read of MANIFEST; a version and a digest take fewer than a hundred
_MEND = "restore the file from version control"
_MERGED = (
    "if two branches both made a release, merge them as docs/versioning.md says under 'Two branches "
    "that both released'; otherwise "
)
_CONFLICT = b"<<<<<<<"  # written by Git where two branches differ
_RELEASE = {
    "release": str,
    "release_number": int,
    "released_on": str,
    "schema_version": str,
    "digest": str,
    "positions_digest": str,
    "previous": str,
    "spent": dict,
    "revisions": int,
}
_REVISION = {
    "record_id": str,
    "kind": str,
    "revision": int,
    "operation": str,
    "reason": str,
    "note": (str, type(None)),
    "content": (dict, type(None)),
}
_OPERATIONS = ("add", "modify", "retract")
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@attrs.frozen
class Recorded:
    """A history as read from its files.

    Attributes:
        digest: SHA-256 of the last file, empty if there is none.
        spent: Files of reasons that the last release has used, with their digests. Empty once that
            release is finished: from then on a file of that name and content is a new one.
    """

    history: History
    digest: str = ""
    spent: dict[str, str] = attrs.Factory(dict)


def read_history(data: Path) -> Recorded:
    """Read the history of a data folder and verify all digests.

    Raises:
        InvalidDataError: If files or lines were changed, are missing or out of order; lists each.
    """
    folder = data / HISTORY
    manifest = folder / MANIFEST
    reader = _Reader(folder)
    if is_own(manifest, data):
        return reader.read(manifest)
    if reader.files:
        what = f"is missing, although there are {len(reader.files)} releases; {_MEND}"
        raise InvalidDataError([Problem(Place(str(manifest)), "", what)])
    return Recorded(History())


class _Reader:
    """Reads every file separately, then follows the chain from the last to the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {f.stem: f for f in listed(folder.parent, folder.name, "*.jsonl")}
        self.problems: list[Problem] = []

    def read(self, manifest: Path) -> Recorded:
        version, digest = self._manifest(manifest)
        draft = self._draft(version)
        if draft:
            self.files[version] = draft
        values = {name: self._lines(path) for name, path in self.files.items()}
        self._raise()
        chain = self._chain(version, digest, values)
        self._raise()
        self._numbers(chain)
        self._raise()
        history = History(
            tuple(_release(header) for header, *_ in chain),
            tuple(r for header, *lines in chain for r in _revisions(header, lines)),
        )
        return Recorded(history, digest, chain[-1][0]["spent"] if draft else {})

    def _raise(self) -> None:
        if self.problems:
            raise InvalidDataError(self.problems)

    def _report(self, path: Path, line: int, what: str, first: str = "") -> None:
        self.problems.append(Problem(Place(str(path), line), "", f"{what}; {first}{_MEND}"))

    def _manifest(self, path: Path) -> tuple[str, str]:
        with path.open("rb") as stream:
            text = stream.read(_MOST_NAMED).replace(b"\r\n", b"\n")
        version, _, digest = text.decode("ascii", "replace").partition(" ")
        if _version(version) is None or len(digest) != 65 or not digest.endswith("\n"):
            shown = text[:80].decode("ascii", "replace").strip()
            what = f"must name the last release and its digest, got {shown!r}"
            self._report(path, 1, what, _MERGED if text.startswith(_CONFLICT) else "")
        return version, digest.rstrip("\n")

    def _draft(self, version: str) -> Path | None:
        """Find the draft of the last release, if it was not yet renamed."""
        known = version in self.files or _version(version) is None
        draft = self.folder / f"{version}{DRAFT}"
        return draft if not known and is_own(draft, self.folder.parent) else None

    def _chain(self, version: str, digest: str, values: dict[str, list[Any]]) -> list[list[Any]]:
        chain: list[list[Any]] = []
        left = dict(self.files)
        while version:
            path = left.pop(version, None)
            if path is None:
                missing = self.folder / f"{version}.jsonl"
                self._report(missing, 0, "is missing, although the history names it")
                return chain
            if digest_of(_content(path)) != digest:
                self._report(path, 1, "is not the file that was released: its digest differs")
            chain.insert(0, values[version])
            version, _, digest = values[version][0]["previous"].partition(" ")
        for stray in left.values():
            self._report(stray, 0, "is not part of any release", _MERGED)
        return chain

    def _lines(self, path: Path) -> list[Any]:
        """Parse the lines of a file, up to the first that is not what was released."""
        lines = _content(path).split(b"\n")
        values: list[Any] = []
        chain = ""
        for number, line in enumerate(lines[:-1], 1):
            body, own = line[:-_TAIL] + b"}", line[-66:-2].decode("ascii", "replace")
            if own != link(chain, body) or line != chained(body, own):
                what = "is not as it was released: the line was changed"
                self._report(path, number, what, _MERGED if line.startswith(_CONFLICT) else "")
                return values
            chain = own
            value = _value(body, _REVISION if values else _RELEASE)
            if value is None or (not values and path.name not in _names(value["release"])):
                self._report(
                    path,
                    number,
                    "is not a "
                    + ("revision" if values else "release")
                    + " in this library's format",
                )
                return values
            if value.get("content") is not None:  # its text is wanted, and takes less memory
                value["content"] = body[body.index(_CONTENT) + len(_CONTENT) : -1].decode("utf-8")
            values.append(value)
        if lines[-1] or not values or len(values) != values[0]["revisions"] + 1:
            wanted = (
                f"the {values[0]['revisions'] + 1} that were released" if values else "at least one"
            )
            self._report(
                path, len(lines), f"is truncated, got {len(values)} lines instead of {wanted}"
            )
        return values

    def _numbers(self, chain: list[list[Any]]) -> None:
        """Check that versions rise, and releases and each record's revisions count from 1."""
        version: Version | None = None
        seen: dict[tuple[str, str], int] = {}
        for number, (header, *lines) in enumerate(chain, 1):
            path = self.files[header["release"]]
            found = Version.parse(header["release"])
            if header["release_number"] != number or (version is not None and version >= found):
                what = f"must be release {number}, after {version or 'none'}"
                self._report(path, 1, f"{what}, got number {header['release_number']}")
            version = found
            for place, line in enumerate(lines, 2):
                key = (line["kind"], line["record_id"])
                before, seen[key] = seen.get(key, 0), line["revision"]
                if line["revision"] != before + 1:
                    what = f"must be revision {before + 1} of {key[1]}, got {line['revision']}"
                    self._report(path, place, what)


def _content(path: Path) -> bytes:
    """Read a file without the line ends that Git writes on Windows; JSON has no others."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except StancedataError:
        return None


def _names(version: str) -> tuple[str, str]:
    """List the possible names of a release's file."""
    return f"{version}.jsonl", f"{version}{DRAFT}"


def _value(body: bytes, shape: dict[str, Any]) -> dict[str, Any] | None:
    try:
        value = json.loads(body.decode("utf-8"))
        # Only the canonical text of a value is valid: no other order or spacing, no duplicate key
        # and no lone surrogate, which could not be encoded.
        if dumps(value).encode("utf-8") != body:
            return None
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or list(value) != list(shape):
        return None
    # Python's bool is a subclass of int.
    kinds = all(
        isinstance(value[n], k) and not isinstance(value[n], bool) for n, k in shape.items()
    )
    if kinds and shape is _REVISION:
        known = value["kind"] in KINDS and value["reason"] in REASONS
        known = known and (value["content"] is None or is_content(value["content"]))
        whole = (value["content"] is None) == (value["operation"] == "retract")
        kinds = known and whole and value["operation"] in _OPERATIONS
    elif kinds:
        kinds = _day(value["released_on"]) is not None and _version(value["release"]) is not None
        kinds = kinds and all(_is_name(n) and isinstance(d, str) for n, d in value["spent"].items())
        # Columns are selected by schema version, a small positive integer.
        kinds = kinds and re.fullmatch(r"[1-9][0-9]{0,5}", value["schema_version"]) is not None
    return value if kinds else None


def _is_name(text: str) -> bool:
    """Whether a text is a plain file name; releases delete files of reasons by these names."""
    return text.endswith(".yaml") and not {"/", "\\", ":", "\0"} & set(text)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _release(header: dict[str, Any]) -> Release:
    fields = {f.name: header[f.name] for f in attrs.fields(Release)}
    return Release(**{**fields, "released_on": datetime.date.fromisoformat(header["released_on"])})


def _revisions(header: dict[str, Any], lines: list[dict[str, Any]]) -> Iterable[Revision]:
    for line in lines:
        yield Revision(
            line["record_id"],
            line["revision"],
            line["kind"],
            line["operation"],
            header["release"],
            header["release_number"],
            line["reason"],
            line["note"],
            line["content"],
        )


def link(before: str, body: bytes) -> str:
    """Compute the digest that ends a line, from that of the line before and the line's body."""
    return digest_of(before.encode("ascii") + b"\n" + body)


def chained(body: bytes, digest: str) -> bytes:
    """Add the digest to a line, as its last key."""
    return body[:-1] + f'{_CHAIN}{digest}"}}'.encode("ascii")


def dumps(value: Any) -> str:
    """Serialise as compact JSON, with keys in the given order."""
    return _COMPACT.encode(value)


def file_of(
    release: Release, revisions: Iterable[Revision], previous: str, spent: dict[str, str]
) -> bytes:
    """Serialise a release as the content of its file.

    Args:
        release: The release.
        revisions: Its revisions.
        previous: Version and digest of the previous file, separated by a space; empty for the first.
        spent: Files of reasons that it uses, with their digests.
    """
    made = list(revisions)
    header = {
        **attrs.asdict(release),
        "released_on": release.released_on.isoformat(),
        "previous": previous,
        "spent": spent,
        "revisions": len(made),
    }
    lines = [
        {
            **{name: getattr(r, name) for name in _REVISION if name != "content"},
            "content": None if r.content is None else json.loads(r.content),
        }
        for r in made
    ]
    chain, parts = "", []
    for value in (header, *lines):
        body = dumps(value).encode("utf-8")
        chain = link(chain, body)
        parts.append(chained(body, chain) + b"\n")
    return b"".join(parts)


def append(data: Path, release: Release, content: bytes) -> None:
    """Write a release's file as a draft, then commit it atomically by naming it in MANIFEST."""
    settle_drafts(data)
    folder = data / HISTORY
    folder.mkdir(exist_ok=True)
    draft = folder / f"{release.release}{DRAFT}"
    write_bytes(draft, content)
    digest = digest_of(content)
    write_bytes(folder / MANIFEST, f"{release.release} {digest}\n".encode("ascii"))


def has_drafts(data: Path) -> bool:
    """Whether a release was interrupted, and is to be settled."""
    return any((data / HISTORY).glob(f"*{DRAFT}"))


def settle_drafts(data: Path) -> None:
    """Rename the draft of the last release to its final name and delete abandoned drafts."""
    folder = data / HISTORY
    manifest = folder / MANIFEST
    last = manifest.read_text(encoding="ascii").partition(" ")[0] if manifest.exists() else ""
    for draft in sorted(folder.glob(f"*{DRAFT}")):
        if draft.name == f"{last}{DRAFT}":
            draft.replace(folder / f"{last}.jsonl")
        else:
            draft.unlink()
