"""Every question, as SQL, and what asks it."""
