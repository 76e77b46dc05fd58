"""Intercoder reliability of blind codings: agreement figures and a list of disagreements."""

from stancedata.reliability.figures import Figure, Reliability
from stancedata.reliability.measurement import measure

__all__ = ["Figure", "Reliability", "measure"]
