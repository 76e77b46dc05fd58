"""Try hostile input on everything that reads files."""
