"""Tools for those who work on the project: generated pages, fuzzing, mutation testing."""
