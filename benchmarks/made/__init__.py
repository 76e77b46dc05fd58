"""Synthetic data of any size that follow the table contract, for `benchmarks.generate`."""
