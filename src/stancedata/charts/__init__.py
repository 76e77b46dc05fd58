"""Charts of a dataset: a timeline, a matrix of positions, the agreement between holders, its coverage.

They need the extra: `pip install 'stancedata[charts]'`. Each function returns an Altair chart, to
show in a notebook, customize or `save`.
"""

from stancedata.charts.contents import coverage
from stancedata.charts.files import save
from stancedata.charts.nearness import agreement
from stancedata.charts.selection import pages
from stancedata.charts.standings import matrix
from stancedata.charts.timelines import timeline

__all__ = ["agreement", "coverage", "matrix", "pages", "save", "timeline"]
