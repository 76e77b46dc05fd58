"""Exports: the tables in every format, with the files that describe them."""
