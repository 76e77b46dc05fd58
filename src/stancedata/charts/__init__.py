"""Pictures of a dataset: positions over time, who stood where, how near holders stand.

Needs the extra: `pip install 'stancedata[charts]'`. Each function gives an Altair chart, to show
in a notebook, to change further, or to `save`.
"""

from stancedata.charts.files import save
from stancedata.charts.nearness import agreement
from stancedata.charts.standings import matrix
from stancedata.charts.timelines import timeline

__all__ = ["agreement", "matrix", "save", "timeline"]
