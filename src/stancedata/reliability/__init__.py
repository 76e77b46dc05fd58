"""How far coders agree who did not see each other's work: figures, and every disagreement."""

from stancedata.reliability.measuring import measure
from stancedata.reliability.result import Figure, Reliability

__all__ = ["Figure", "Reliability", "measure"]
