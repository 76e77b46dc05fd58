"""Everything that knows YAML: reading, structuring, formatting and editing curated files."""
