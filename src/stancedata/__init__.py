"""Diplomatic actors and the positions they have stated, each traced to its very words.

Start with `stancedata.load()`.
"""

import lazy_loader

__version__ = "0.1.0"

# The one list of public names is `__init__.pyi`. Each is imported when it is first used, so that
# importing the package costs next to nothing.
__getattr__, _, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]


def __dir__() -> list[str]:
    return sorted(__all__)
