"""Mutation testing: measure which changes of the code the tests detect."""
