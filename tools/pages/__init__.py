"""Generate pages of docs/."""
