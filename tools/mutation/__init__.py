"""Measure which changes of the code the tests notice."""
