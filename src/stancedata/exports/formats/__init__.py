"""The formats of an export but Parquet and CSV, and the table of all of them."""
