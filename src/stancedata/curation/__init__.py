"""Read, validate, format and edit curated YAML files; the only package that knows YAML."""
