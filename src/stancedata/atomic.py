"""Write a file beside its place, then rename it: the old one or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from stancedata.problems import StancedataError


def write_text(path: Path, text: str) -> None:
    """Replace a file's text in one step; raises as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file's content in one step; its permissions stay.

    Raises:
        StancedataError: It cannot be written; what was there is as it was.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, path.stat().st_mode if path.exists() else 0o644)
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise StancedataError(
            f"{path}: cannot be written, got {error.strerror}; the file is as it was"
        ) from None
    finally:
        if temporary is not None:
            os.unlink(temporary)
