"""Files of others in a folder that is replaced: which stop the replacement, and which stay in it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import attrs

from stancedata.problems import StancedataError

_LEFTOVER = re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini")


def is_leftover(name: str) -> bool:
    """Return whether a path ends with the name of a file that a desktop leaves in folders."""
    return _LEFTOVER.fullmatch(name.rpartition("/")[2]) is not None


@attrs.frozen
class Foreign:
    """What others have put into a folder.

    Attributes:
        folder: The folder, as messages call it.
        target: The same folder, resolved.
        owned: Returns the files of a folder that are not foreign, as relative paths.
        kind: What such a folder is called in messages.
        may_stay: Tells of the owned files and a relative path whether this foreign file or folder
            may stay.
    """

    folder: Path
    target: Path
    owned: Callable[[Path], set[str]]
    kind: str
    may_stay: Callable[[Collection[str], str], bool]

    def names(self) -> list[str]:
        """List the relative paths of what stays, parents first.

        Raises:
            StancedataError: If something may not stay, or the folder is a file.
            OSError: If the folder cannot be written.
        """
        target = self.target
        if target.is_symlink():  # once resolved, it is a loop, which Python 3.13 does not say
            raise StancedataError(
                f"{self.folder}: is a link that leads nowhere; choose another folder"
            )
        if not target.exists():
            return []
        if not target.is_dir():
            raise StancedataError(f"{self.folder}: is a file, not a folder; choose another path")
        known = self.owned(target)
        inner = {parent.as_posix() for name in known for parent in Path(name).parents}
        names = sorted(
            name
            for name in contents(target)
            if (target / name).is_symlink()
            or name not in (known if (target / name).is_file() else inner)
        )
        self._refuse(name for name in names if not self._stays(known, name))
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return names

    def link(self, new: Path) -> set[Path]:
        """Link what stays into the folder that replaces this one; return the changed folders.

        Raises:
            StancedataError: If something may not stay, or has the name of a new file.
        """
        names = self.names()
        folders = [name for name in names if (self.target / name).is_dir()]
        self._refuse(
            name
            for name in names
            if os.path.lexists(new / name) and not (name in folders and (new / name).is_dir())
        )
        for name in folders:
            (new / name).mkdir(parents=True, exist_ok=True)
        for name in sorted({*names} - {*folders}):
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(self.target / name, new / name)
        for name in folders:
            (new / name).chmod(stat.S_IMODE((self.target / name).stat().st_mode))
        return {(new / name).parent for name in names}

    def _stays(self, known: Collection[str], name: str) -> bool:
        path = self.target / name
        is_plain = not path.is_symlink() and (path.is_file() or path.is_dir())
        return is_plain and self.may_stay(known, name)

    def _refuse(self, names: Iterable[str]) -> None:
        if first := next(iter(names), ""):
            article = "an" if self.kind[0] in "aeiou" else "a"
            raise StancedataError(
                f"{self.folder}: contains files that are not from {article} {self.kind}, got "
                f"{first!r}; choose a new folder, an empty one or an earlier {self.kind}"
            )


def contents(folder: Path) -> set[str]:
    """List everything in a folder as relative paths, without following links."""

    def fail(error: OSError) -> None:
        raise error

    return {
        (Path(inner) / name).relative_to(folder).as_posix()
        for inner, folders, files in os.walk(folder, onerror=fail)
        for name in (*folders, *files)
    }


def link_or_copy(file: Path, place: Path) -> None:
    """Give a file a second place; a link takes no room."""
    try:
        os.link(file, place)
    except OSError:  # some file systems have no links
        shutil.copy2(file, place)
