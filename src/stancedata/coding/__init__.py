"""Tools for coders: new files, evidence spans, candidate sentences, reviews and releases."""
