"""What runs SQL over tables of any size: DuckDB, Spark, and rows in key order."""
