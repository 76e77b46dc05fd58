"""What is measured: a module for each work, with ours, its peers and its limits as functions."""
