"""What `stancedata init` begins a dataset with."""
