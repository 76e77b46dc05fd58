"""Tests of `stancedata.questions`."""
