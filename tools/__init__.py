"""Developer tools: generated pages, fuzzing and mutation testing."""
