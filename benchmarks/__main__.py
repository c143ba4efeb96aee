"""What a check costs; `scripts/bench` runs this.

python -m benchmarks
"""

from benchmarks import cascade, checks, footprint, routes


def main() -> None:
    """Print all tables."""
    for number, benchmark in enumerate((routes, checks, cascade, footprint)):
        if number:
            print()
        benchmark.main()


if __name__ == "__main__":
    main()
