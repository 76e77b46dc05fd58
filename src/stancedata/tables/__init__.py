"""The table contract, the conversion of rows to objects and back, and reading and writing files."""
