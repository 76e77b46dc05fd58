"""Fuzz everything that reads files."""
