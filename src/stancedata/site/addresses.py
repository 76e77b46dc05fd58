"""Addresses of pages: file names that every file system allows, anchors, and safe links."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}", re.ASCII)
# Windows reserves these names, whatever their extension.
_RESERVED = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}


def file_name(record_id: str) -> str:
    """Return the name of a record's page, without extension: its id, or a digest of it.

    Ids that differ only in case, or that a file system refuses, get a digest. A digest has a dot,
    which plain names do not have, so that no two ids share a name.
    """
    if _PLAIN.fullmatch(record_id) and record_id not in _RESERVED:
        return record_id
    return f"id.{hashlib.sha256(record_id.encode('utf-8')).hexdigest()[:24]}"


def local_id(stance_id: str, document_id: str) -> str:
    """Return the part of a stance's id after its document's id."""
    return stance_id.removeprefix(f"{document_id}#")


def anchor(stance_id: str, document_id: str) -> str:
    """Return the anchor of a stance on the page of its document."""
    return file_name(local_id(stance_id, document_id))


def web_address(url: str | None) -> str | None:
    """Return an address if a browser may open it as a link: `http` or `https` with a host."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def language_tag(language: str | None) -> str | None:
    """Return a language code if it is one that an HTML attribute may have."""
    return (
        language
        if language and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language)
        else None
    )
