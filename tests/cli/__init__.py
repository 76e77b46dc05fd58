"""Tests of `stancedata.cli`."""
