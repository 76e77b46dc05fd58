"""Benchmarks: each command interleaves the library with peers and limits, and prints medians."""
