"""The packaged SQL: rules under `rules/`, questions under `queries/`."""
