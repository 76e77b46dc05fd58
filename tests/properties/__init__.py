"""Laws that span rooms: round trips, injected faults, hostile files."""
