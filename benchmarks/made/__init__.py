"""Made-up data of any size, in the table contract; `benchmarks.generate` puts them together."""
