"""The rules, written in SQL or Python, and their runner."""
