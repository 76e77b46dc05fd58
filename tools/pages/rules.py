"""Write docs/rules.md, and the rules that are generated from the table contract.

Run `python -m tools.pages.rules` after a change of the rules or the contract.
"""

from __future__ import annotations

from pathlib import Path

import stancedata.rules
from stancedata.rules import characters, references
from stancedata.rules import texts as wording
from stancedata.rules.rule import IN_PYTHON, all_rules, stored_rules

SQL = Path(stancedata.rules.__file__).parent / "sql"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
HEAD = """\
# The rules

`stancedata check` applies these rules, besides checking the form of the files (keys, types, IDs, dates). This
page is generated from the rules.

To waive a rule for one record, add an exemption with a reason. In curated files, an exemption that waives nothing
is itself an error:

```yaml
exemptions:
  - rule: unused_actor
    reason: named in a document, where it holds no position
```

Data with an error cannot be loaded; warnings do not prevent loading. Rules marked *blind* also apply to the
blind codings. Rules marked *whole* apply only if every file could be read. Rules marked *corpus* need the
documents' texts and run only with `--corpus`. Rules marked *tables* are about values that the library computes
or that the reader of curated files refuses: only tables from elsewhere can break them. Rules marked *schema 2* do
not apply to data of schema 1, such as release 0.1.0. `data/bounds.yaml` sets the minimum number of rows of each table.
The rules are SQL files in the package (`stancedata/rules/sql/`), except for the last ones, on characters,
forms, dates and texts, which are Python.

| rule | what it requires | message |
|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    rows = []
    for rule in (*all_rules(), *stored_rules(), *IN_PYTHON.values()):
        marks = [word for word in ("blind", "whole") if getattr(rule, word)]
        marks += ["tables"] if rule in stored_rules() or rule.name in characters.OF_TABLES else []
        marks += ["corpus"] if rule.name in wording.RULES else []
        marks += [f"schema {rule.since}"] if rule.since > 1 else []
        marks += [rule.severity] if rule.severity != "error" else []
        note = f" *({', '.join(marks)})*" if marks else ""
        rows.append(f"| `{rule.name}` | {rule.says}{note} | {_shown(rule.message)} |")
    return HEAD + "\n".join(rows) + "\n"


def _shown(message: str) -> str:
    for name in ("value", "other", "suggestion"):
        message = message.replace(f"{{{name}!r}}", "…").replace(f"{{{name}}}", "…")
    return message.replace("|", "\\|")


if __name__ == "__main__":
    for name in references.RULES:
        text = references.rule_text(name)
        (SQL / f"{name}.sql").write_text(text, encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
