"""Tests of `stancedata.site`."""
