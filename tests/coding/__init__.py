"""Tests of `stancedata.coding`."""
