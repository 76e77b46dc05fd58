"""Diplomatic actors and the positions they have stated, each traced to the source text.

Start with `stancedata.load()`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a copy of the source may meet any Python
    raise ImportError(
        f"stancedata needs Python 3.11 or later, got {sys.version_info[0]}.{sys.version_info[1]}; "
        "run it with a newer Python"
    )

import lazy_loader

__version__ = "0.2.0"

# `__init__.pyi` is the only list of public names. They are imported lazily, which keeps the import
# of the package fast.
__getattr__, _, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __dir__() -> list[str]:
    return sorted(__all__)
