"""A static site of a dataset: plain pages that open from disk, without a server or the network.

It needs the extra: `pip install 'stancedata[site]'`.
"""

from stancedata.site.folder import write

__all__ = ["write"]
