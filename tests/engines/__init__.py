"""Tests of `stancedata.engines`."""
