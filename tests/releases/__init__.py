"""Tests of `stancedata.releases`."""
