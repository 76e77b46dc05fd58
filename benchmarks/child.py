"""Run one contestant once and print JSON: `python -m benchmarks.child WORK CONTESTANT FOLDER`."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.measuring import Work


def work_of(name: str) -> Work:
    """Load a work by the name of its module."""
    found = importlib.import_module(f"benchmarks.work.{name}").WORK
    assert isinstance(found, Work)
    return found


def peak() -> int:
    """Return the peak memory of this process so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux, `getrusage` includes the peak of the parent before exec.
        (line,) = (x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken // (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(name: str, contestant: str, folder: str) -> None:
    """Prepare, run, and print the measurements and the checksum."""
    work = work_of(name)
    run = work.contestants[contestant](Path(folder))
    start, worked = time.perf_counter(), time.process_time()
    answer = run()
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    found: dict[str, object] = {"seconds": seconds, "processor": worked, "peak": peak()}
    # In this order: the checksum of an export deletes it.
    found["figures"] = dict(work.figures(answer))
    found["checksum"] = work.checksum(answer)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
