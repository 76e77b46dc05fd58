"""Releases of the data: their files, the records in them, any past state, and what changed."""
