"""Charts of a dataset: a timeline, a matrix of positions, the agreement between holders, its coverage.

They need the extra: `pip install 'stancedata[charts]'`. Each function returns an Altair chart, to
show in a notebook, customize or `save`.
"""

from stancedata.charts.agreement_chart import agreement
from stancedata.charts.coverage_chart import coverage
from stancedata.charts.files import save
from stancedata.charts.matrix_chart import matrix
from stancedata.charts.selection import pages
from stancedata.charts.timeline_chart import timeline

__all__ = ["agreement", "coverage", "matrix", "pages", "save", "timeline"]
