"""How far coders agree who did not see each other's work: figures, and every disagreement."""

from stancedata.reliability.figures import Figure, Reliability
from stancedata.reliability.measurement import measure

__all__ = ["Figure", "Reliability", "measure"]
