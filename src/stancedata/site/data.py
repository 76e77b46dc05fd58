"""The data of a site's script: records for lists, search, table and days.

They are a script that assigns a variable, because a page that is opened from disk cannot fetch JSON.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from stancedata.site.addresses import file_name, web_address
from stancedata.site.stance_rows import Records, page_name, places

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.levels import Levels
    from stancedata.site.quotes import Quotes
    from stancedata.site.spells import Row, Spell

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def script(name: str, value: object) -> str:
    """Write a script that assigns a value to a field of `window.stancedata`.

    The script is ASCII, and no text of the data can end it.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f"(window.stancedata=window.stancedata||{{}}).{name}={text};\n"


class Data:
    """The data, in which records refer to each other by their place in a list.

    Args:
        contents: The contents of the site.
        levels: The look of levels.
        quotes: The words that may be shown.
    """

    def __init__(self, contents: Contents, levels: Levels, quotes: Quotes) -> None:
        self._contents = contents
        self._levels = levels
        self._records = Records(contents, quotes)
        self.actor = self._records.actor
        self.stance = places(contents.stances)
        self.position = places(contents.position)

    def script(self) -> str:
        """Write the script."""
        found = self._contents
        rows = [self._records.row(stance) for stance in found.stances.values()]
        positions = [self._position(row) for row in found.positions]
        stances = {
            "words": self._records.words,
            "documents": self._documents(),
            "rows": rows,
        }
        return (
            script("names", self._names())
            + script("stances", stances)
            + script("positions", positions)
            + script("spells", self._spells())
        )

    def _names(self) -> dict[str, list[Any]]:
        found = self._contents
        return {
            "actors": [[k, page_name(k), a.name, _aliases(a)] for k, a in found.actors.items()],
            "issues": [
                [k, page_name(k), issue.name, issue.proposition, self._scale(k)]
                for k, issue in found.issues.items()
            ],
            "events": [[k, page_name(k), event.name] for k, event in found.events.items()],
        }

    def _scale(self, issue_id: str) -> list[list[Any]]:
        """List the levels of an issue, those of positions too, with their style classes."""
        known = {step.level for step in self._contents.issues[issue_id].levels}
        known |= {row["level"] for row in self._contents.positions_of_issue.get(issue_id, ())}
        return [[level, self._levels.style(issue_id, level)] for level in sorted(known - {None})]

    def _documents(self) -> list[list[Any]]:
        return [
            [k, page_name(k), d.title, d.publisher, web_address(d.url) or "", d.characters or 0]
            for k, d in self._contents.documents.items()
        ]

    def _position(self, row: Row) -> list[Any]:
        flags = row["own"] + 2 * row["contested"] + 4 * row["mixed"]
        return [
            self.stance[row["stance_id"]],
            self.actor[row["actor_id"]],
            row["level"],
            self._records.word(row["level_name"]),
            flags,
            row["document_count"],
        ]

    def _spells(self) -> dict[str, list[Any]]:
        """List, by issue, each holder with the days from which its positions stand."""
        return {
            file_name(issue_id): [
                [self.actor[actor_id], [self._spell(actor_id, spell) for spell in listed]]
                for actor_id, listed in spells.items()
            ]
            for issue_id, spells in self._contents.spells.items()
        }

    def _spell(self, actor_id: str, spell: Spell) -> list[int]:
        key = (actor_id, spell.stance_id or "")
        return [spell.since.toordinal() - _EPOCH, self.position.get(key, -1)]


def _aliases(actor: Any) -> list[str]:
    return sorted({name.name for name in actor.names} - {actor.name})
