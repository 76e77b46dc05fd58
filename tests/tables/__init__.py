"""Tests of `stancedata.tables`."""
