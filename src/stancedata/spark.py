"""Re-export the Spark engine under its documented name; see `stancedata.engines.spark`."""

from stancedata.engines.spark import (
    SparkEngine,
    SparkTables,
    engine_of,
    is_session,
    open_frames,
    open_tables,
)

__all__ = ["SparkEngine", "SparkTables", "engine_of", "is_session", "open_frames", "open_tables"]
