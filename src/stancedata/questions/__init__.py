"""The packaged questions, written in SQL, and their runner."""
