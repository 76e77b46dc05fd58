"""Helpers shared by tests: strategies, oracles, fault injectors, folders and paths."""
