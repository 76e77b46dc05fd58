"""The documentation as a site: `nox -s html` builds it, with warnings as errors.

The source folder is the repository, so that its pages keep the links that they have there.
"""

from __future__ import annotations

import re
from importlib.metadata import version as installed
from pathlib import Path

from sphinx.application import Sphinx

project = "stancedata"
author = "the stancedata contributors"
copyright = author
version = release = installed("stancedata")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/decisions/*.md",
    "docs/pictures/*",
    "data/CHANGELOG.md",
    "changes/README.md",
]
html_theme = "furo"
html_title = "stancedata"
html_additional_pages = {"index": "redirect.html"}
templates_path = ["templates"]
default_role = "literal"  # docstrings have Markdown's single backticks

myst_heading_anchors = 4
myst_enable_extensions = ["fieldlist"]

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": "object"}
autodoc_class_signature = "separated"

CONTENTS = """
```{toctree}
:hidden:
:caption: Use the data

For political scientists <docs/scientist>
For journalists <docs/journalist>
For engineers <docs/engineer>
docs/tutorial
docs/findings
docs/charts
docs/site
docs/notebooks
docs/recipes
docs/merging
docs/sql
docs/validation
docs/scale
docs/versioning
```

```{toctree}
:hidden:
:caption: The data

Coverage <docs/coverage>
docs/methods
docs/reliability
docs/semantics
Data dictionary <docs/contract>
Codebook <docs/codebook>
Changes of the data <data/CHANGELOG>
```

```{toctree}
:hidden:
:caption: Reference

docs/reference
docs/rules
docs/performance
docs/security
Report a vulnerability <SECURITY>
Changes of the library <CHANGELOG>
```

```{toctree}
:hidden:
:caption: Code and contribute

docs/coding
docs/editing
docs/second-dataset
CONTRIBUTING
ARCHITECTURE
docs/mutation
How changes are noted <changes/README>
docs/decisions/README
```
"""


DECISIONS = """
```{toctree}
:hidden:
:glob:

0*
```
"""

FOLDER = re.compile(r"\[([^\]]+)\]\(([^):#]+)\)")


def setup(app: Sphinx) -> None:
    """Change pages as they are read: the contents, and links to folders, which a site has none of."""
    app.connect("source-read", changed)


def changed(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the contents to the first page and to that of the decisions; unlink folders."""
    here = (Path(app.srcdir) / page).parent
    text = FOLDER.sub(lambda m: m[1] if (here / m[2]).is_dir() else m[0], source[0])
    source[0] = text + {root_doc: CONTENTS, "docs/decisions/README": DECISIONS}.get(page, "")
