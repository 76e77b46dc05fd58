"""Engines that run SQL over tables of any size (DuckDB, Spark), and reading in key order."""
