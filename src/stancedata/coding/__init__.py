"""A coder's tools: drafts, spans, candidates, reviews, releases."""
