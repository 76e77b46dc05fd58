"""Tests of `stancedata.reliability`."""
