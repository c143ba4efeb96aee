"""What the package adds to a program that has FastAPI already: time to import, memory.

python -m benchmarks.footprint

All modules are compiled before, as an installer does it, whatever `PYTHONDONTWRITEBYTECODE` says.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence

RUNS = 9
BASE = "import fastapi"
STEPS = {
    "import fastapi": BASE,
    "and fastapi_spamshield": f"{BASE}\nimport fastapi_spamshield",
    "and a running shield": f"""{BASE}
import asyncio
from fastapi_spamshield import SpamShield

async def main():
    async with SpamShield() as shield:
        for number in range(100):
            await shield.check(f"Message {{number}} of a visitor, with nothing special in it.")
        report()

asyncio.run(main())""",
}
MEASURE = """
import resource, sys, time

def report():
    unit = 1024 if sys.platform == "linux" else 1024**2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(time.perf_counter() - begun, peak)

begun = time.perf_counter()
"""


def run(code: str, compiled: str) -> tuple[float, float]:
    """Seconds and peak MiB of some code in a fresh interpreter; `compiled` keeps its modules."""
    tail = "" if "report()" in code else "\nreport()"
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, "-c", f"{MEASURE}{code}{tail}"],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    seconds, mebibytes = map(float, done.stdout.split())
    return seconds, mebibytes


def medians(results: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The median of each figure."""
    return (
        statistics.median(seconds for seconds, _ in results),
        statistics.median(mebibytes for _, mebibytes in results),
    )


def main() -> None:
    """Print a table."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in STEPS}
    with tempfile.TemporaryDirectory() as compiled:
        for number in range(RUNS + 1):
            for name, code in STEPS.items():
                result = run(code, compiled)
                if number:  # The first round compiles.
                    found[name].append(result)
    print(f"Import and memory, median of {RUNS} fresh interpreters")
    print(f"{'':26}{'ms':>10}{'MiB':>10}")
    first = medians(found["import fastapi"])
    for name, results in found.items():
        seconds, mebibytes = medians(results)
        more = "" if name == "import fastapi" else f"  (+{mebibytes - first[1]:.1f} MiB)"
        print(f"{name:26}{seconds * 1000:>10.0f}{mebibytes:>10.1f}{more}")


if __name__ == "__main__":
    main()
