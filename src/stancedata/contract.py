"""Re-export the table contract under its documented name; see `stancedata.tables.contract`."""

from stancedata.tables.contract import BY_NAME, TABLES

__all__ = ["BY_NAME", "TABLES"]
