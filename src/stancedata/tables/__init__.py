"""The table contract: its columns, rows to objects and back, and the files that hold them."""
