"""Every rule, as SQL or Python, and what runs them."""
