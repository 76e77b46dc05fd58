"""Measure the peak memory of a separate process, for tests that limit it."""

PEAK = """
import resource, sys
from pathlib import Path

def peak():
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux, `getrusage` starts from the peak memory of the parent process.
        (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken // (1024 * 1024 if sys.platform == "darwin" else 1024)
"""
"""Code that defines `peak`, which returns the peak memory of the program in MiB."""
