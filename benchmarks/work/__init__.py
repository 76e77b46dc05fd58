"""The works: a module each, with the library, its peers and its limits as functions."""
