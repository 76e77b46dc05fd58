"""Tests of `stancedata.rules`."""
