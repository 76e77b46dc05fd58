"""What several tests share: strategies, oracles, injectors of faults, folders and paths."""
