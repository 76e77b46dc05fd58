"""Tests of `stancedata.dataset`."""
