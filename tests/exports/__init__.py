"""Tests of `stancedata.exports`."""
