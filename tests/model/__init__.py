"""Tests of `stancedata.model`."""
