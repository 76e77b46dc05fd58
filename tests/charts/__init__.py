"""Tests of `stancedata.charts`."""
