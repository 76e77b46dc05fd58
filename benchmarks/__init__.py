"""What things cost: each command interleaves ours with the bare limit, and prints medians."""
