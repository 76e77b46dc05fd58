"""Fuzz the library with a million hostile inputs: `python -m tools.fuzz.fuzz [TARGET] [COUNT]`.

Each target of `tools.fuzz.targets` (`yaml`, `dates`, `history`, `parquet`; by default all of them)
runs in its own process, so that a crash, a hang or too much memory is detected from outside and
counted, and the run continues. Any exception but this library's own is a failure: its input is
written to `fuzz-failures/` (at most three of each kind) and its path printed.
`python -m tools.fuzz.fuzz TARGET FILE` tries such a file again.

Text and histories are driven by atheris, libFuzzer for Python, which keeps inputs that reach new
code: `pip install atheris`. Without it, and for Parquet, whose C++ reader it cannot instrument,
inputs are mutated at random, reproducibly for a given seed.
"""

from __future__ import annotations

import importlib.util
import json
import mmap
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

COUNTS = {"yaml": 100_000, "dates": 800_000, "history": 60_000, "parquet": 40_000}
SEED = 20211020
FAILURES = Path("fuzz-failures")
MOST_MEMORY = 4 * 2**30
"""Limit of the address space of a process without atheris, in bytes."""
MOST_RESIDENT = 2048
"""Limit of the resident memory of a process with atheris, in MiB; atheris itself reserves much
address space."""
MOST_SECONDS = 120
"""Time without a new input after which a process counts as hung."""
LONGEST = 4096
"""Maximum length of an input that atheris makes, in bytes."""
KEPT = 1 << 20
MEMORY = Path("/dev/shm")
"""Folder for temporary files, if it exists: a file system in memory."""
ALIKE = 3


@attrs.define
class Score:
    """Counts of the outcomes of one process."""

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0


class Notes:
    """A log of the current input and the score, which the parent can read after a crash.

    Args:
        place: Folder for the score and the current input.
        total: Number of inputs after which the score is always written.
    """

    def __init__(self, place: Path, total: int) -> None:
        self._place = place
        self._total = total
        self._seen: dict[str, int] = {}
        self.score = Score()
        (place / "current").write_bytes(bytes(KEPT + 16))
        with (place / "current").open("r+b") as stream:
            self._current = mmap.mmap(stream.fileno(), 0)

    def attempt(self, target: Any, data: bytes) -> None:
        """Try one input, and count its outcome."""
        self._current[16 : 16 + len(data[:KEPT])] = data[:KEPT]
        counted = self.score.inputs.to_bytes(8, "little")
        self._current[:16] = counted + len(data[:KEPT]).to_bytes(8, "little")
        self.score.inputs += 1
        try:
            accepted = target.attempt(data)
        except Exception:
            self.score.failed += 1
            self._keep(target.name, data)
        else:
            self.score.accepted += accepted
            self.score.refused += not accepted
        if self.score.inputs % 500 == 0 or self.score.inputs >= self._total:
            self.write()

    def _keep(self, name: str, data: bytes) -> None:
        trace = traceback.format_exc().rstrip()
        frames = traceback.extract_tb(sys.exc_info()[2])
        kind = f"{type(sys.exc_info()[1]).__name__} {frames[-1].filename}:{frames[-1].lineno}"
        self._seen[kind] = self._seen.get(kind, 0) + 1
        if self._seen[kind] <= ALIKE:
            print(f"{kept(name, data)}\n{trace[-1500:]}\n", file=sys.stdout, flush=True)

    def write(self) -> None:
        """Write the score for the parent."""
        (self._place / "score").write_text(json.dumps(attrs.asdict(self.score)))


def kept(name: str, data: bytes) -> Path:
    """Write an input that failed to a file, and return its path."""
    import hashlib

    FAILURES.mkdir(exist_ok=True)
    path = FAILURES / f"{name}-{hashlib.sha256(data).hexdigest()[:16]}"
    path.write_bytes(data)
    return path


def mutated(data: bytes, others: list[bytes], words: list[bytes], rng: random.Random) -> bytes:
    """Mutate an input: flip bits, insert bytes or words, cut, repeat, or splice with another."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at, length = rng.randrange(len(data) + 1), rng.choice((1, 2, 4, 8, 64, 512))
        end = at + length
        match rng.randrange(8):
            case 0 if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
            case 1:
                data = data[:at] + rng.randbytes(min(length, 8)) + data[at + min(length, 8) :]
            case 2:
                data = data[:at] + rng.choice(words) + data[at:]
            case 3:
                data = data[:at] + data[end:]
            case 4:
                data = data[:end] + data[at:]
            case 5:
                other = rng.choice(others)
                start = rng.randrange(len(other) + 1)
                data = data[:at] + other[start : start + length] + data[end:]
            case 6:
                data = (
                    data[:at] + rng.choice((b"\0", b"\xff", b"\x7f", b"\x80")) * length + data[end:]
                )
            case _ if rng.randrange(4) == 0:
                data = data[:at]
    return data


def child(name: str, count: int, seed: int, first: int, place: Path) -> None:
    """Try `count` inputs in this process, numbered from `first`."""
    notes = Notes(place, count)
    if name != "parquet" and importlib.util.find_spec("atheris"):
        _guided(name, count, seed, place, notes)
    from tools.fuzz.targets import TARGETS

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    target = TARGETS[name](place)
    for number in range(first, first + count):
        # Seeded by the number of the input, so that a run resumed after a crash is the same.
        rng = random.Random(f"{seed}:{number}")
        data = mutated(rng.choice(target.seeds), target.seeds, target.words, rng)
        notes.attempt(target, data)
    notes.write()


def _guided(name: str, count: int, seed: int, place: Path, notes: Notes) -> None:
    """Try inputs that atheris makes; never returns."""
    import atheris

    with atheris.instrument_imports(include=["stancedata"]):
        from tools.fuzz.targets import TARGETS

        target = TARGETS[name](place)
    corpus, words = place / "corpus", place / "words"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(data)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in target.words)
    words.write_text("".join(f'"{word}"\n' for word in quoted))
    options = {
        "runs": count, "seed": seed, "rss_limit_mb": MOST_RESIDENT, "max_len": LONGEST,
        "timeout": MOST_SECONDS, "dict": words, "artifact_prefix": f"{place}/", "verbosity": 0,
    }  # fmt: skip
    arguments = [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)]
    atheris.Setup(arguments, lambda data: notes.attempt(target, data))
    atheris.Fuzz()


@attrs.define
class Outcome:
    """The outcome of all inputs of a target, over all its processes."""

    name: str
    how: str
    seed: int
    score: Score = attrs.Factory(Score)
    crashes: int = 0
    peak: float = 0
    seconds: float = 0

    def row(self) -> str:
        """Return its row of the table."""
        s = self.score
        return (
            f"| {self.name} | {self.how} | {s.inputs:,} | {s.accepted:,} | {s.refused:,} | {s.failed:,} "
            f"| {self.crashes:,} | {self.peak:,.0f} | {self.seconds:,.0f} | {self.seed} |"
        )


def run(name: str, count: int, seed: int = SEED) -> Outcome:
    """Try `count` inputs of a target, in as many processes as it takes."""
    guided = name != "parquet" and importlib.util.find_spec("atheris")
    found = Outcome(name, "atheris" if guided else "mutator", seed)
    start = time.perf_counter()
    while (left := count - found.score.inputs) > 0:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place:
            _one_process(found, left, Path(place))
    found.seconds = time.perf_counter() - start
    return found


def _one_process(found: Outcome, left: int, place: Path) -> None:
    """Run a child until it ends, crashes or hangs, and add its score."""
    seed = found.seed + found.crashes if found.how == "atheris" else found.seed
    words = ["--child", found.name, left, seed, found.score.inputs, place]
    command = [sys.executable, "-m", "tools.fuzz.fuzz", *map(str, words)]
    # The system allocator, so that the measured memory is what is in use.
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=environment)
        usage = _watched(process, place)
    found.peak = max(found.peak, usage.ru_maxrss / 1024)
    score = place / "score"
    made = Score(**json.loads(score.read_text())) if score.exists() else Score()
    whole = made.inputs >= left
    raw = (place / "current").read_bytes() if (place / "current").exists() else bytes(16)
    tried = int.from_bytes(raw[:8], "little") + 1
    if not whole:
        # The outcomes since the score was last written are lost; only the inputs are counted.
        made.inputs = tried
        found.crashes += 1
        data = raw[16 : 16 + int.from_bytes(raw[8:16], "little")]
        output = (place / "log").read_bytes().decode(errors="replace")[-1500:]
        print(f"{kept(found.name, data)}: the process ended, {process.returncode}\n{output}")
        if found.score.inputs == tried == 1:
            raise SystemExit("nothing could be tried")
    for field in attrs.fields(Score):
        value = getattr(found.score, field.name) + getattr(made, field.name)
        setattr(found.score, field.name, value)


def _watched(process: subprocess.Popen[bytes], place: Path) -> resource.struct_rusage:
    """Wait for a process, kill it if it hangs, and return its resource usage."""
    last, since = b"", time.monotonic()
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage
        time.sleep(0.2)
        current = place / "current"
        now = current.open("rb").read(8) if current.exists() else b""
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > MOST_SECONDS + 60:
            process.kill()


def again(name: str, file: Path) -> None:
    """Try one saved input again."""
    from tools.fuzz.targets import TARGETS

    with tempfile.TemporaryDirectory() as place:
        accepted = TARGETS[name](Path(place)).attempt(file.read_bytes())
    print("accepted" if accepted else "refused")


def main(words: list[str]) -> None:
    """Run one target or all, and print the outcomes."""
    names = [words[0]] if words else [*COUNTS]
    if len(words) > 1 and Path(words[1]).is_file():
        again(names[0], Path(words[1]))
        return
    if not importlib.util.find_spec("atheris"):
        print("atheris is not installed: inputs are mutated at random, not guided by coverage\n")
    packages = [p for p in ("pyarrow", "pyyaml", "atheris") if _there(p)]
    print(f"Python {platform.python_version()}, "
          + ", ".join(f"{name} {version(name)}" for name in packages) + "\n")  # fmt: skip
    found = [run(name, int(words[1]) if len(words) > 1 else COUNTS[name]) for name in names]
    print("| target | inputs from | inputs | accepted | refused by us | other exceptions | crashes "
          "| peak memory (MiB) | seconds | seed |")  # fmt: skip
    print("| --- | --- |" + " ---: |" * 8)
    print("\n".join(outcome.row() for outcome in found))
    print(f"\n{sum(outcome.score.inputs for outcome in found):,} inputs")
    if any(outcome.score.failed or outcome.crashes for outcome in found):
        raise SystemExit(1)


def _there(package: str) -> bool:
    return importlib.util.find_spec({"pyyaml": "yaml"}.get(package, package)) is not None


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        given = sys.argv[2:]
        child(given[0], int(given[1]), int(given[2]), int(given[3]), Path(given[4]))
    else:
        main(sys.argv[1:])
