"""Property tests across packages: round trips, injected faults, hostile files."""
