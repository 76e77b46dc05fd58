"""Examples of use that type checkers read and nobody runs."""
