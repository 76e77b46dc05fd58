"""Tests of `stancedata.curation`."""
