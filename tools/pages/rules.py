"""Write docs/rules.md: `python -m tools.pages.rules` after a change of the rules or the contract.

It first writes the rules that are made from the table contract.
"""

from __future__ import annotations

from pathlib import Path

import stancedata.rules
from stancedata.rules import references
from stancedata.rules import texts as wording
from stancedata.rules.rule import IN_PYTHON, all_rules

SQL = Path(stancedata.rules.__file__).parent / "sql"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
HEAD = """\
# The rules

What `stancedata check` asks of data, beside the form of the files themselves (keys, types, ids,
dates). The page is made from the rules.

A rule is waived on one record by a silence, which needs a reason; one that silences nothing is a
fault itself:

```yaml
silences:
  - rule: unused_actor
    reason: named in a document, where it holds no position
```

An error keeps data from loading, a warning does not. Rules marked *blind* are asked of the blind
codings too, those marked *whole* only where every file could be read. `data/bounds.yaml` gives the
least number of rows that tables must have. Those marked *corpus* are asked with `--corpus` alone,
since only the documents' texts can answer them. The rules are SQL text in the package
(`stancedata/rules/sql/`); the last ones, about characters and texts, are Python.

| rule | what it asks | what is said of an offender |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = []
    for rule in (*all_rules(), *IN_PYTHON.values()):
        marks = [word for word in ("blind", "whole") if getattr(rule, word)]
        marks += ["corpus"] if rule.name in wording.RULES else []
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
