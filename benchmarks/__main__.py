"""Run every benchmark, or those named: python -m benchmarks [NAME…].

A benchmark is a module here whose `run()` returns what it measured, in Markdown; a folder here holds what it needs.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__main__", "__init__", "long_articles", "measuring", "workload"}


def main(names: list[str]) -> int:
    """Print what the benchmarks named have measured, all without a name; 2 when there is none of that name."""
    known = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_BENCHMARKS)
    unknown = set(names) - set(known)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. Known: {', '.join(known)}.", file=sys.stderr)
        return 2
    reports = []
    for name in names or known:
        print(f"{name} …", file=sys.stderr)
        reports.append(importlib.import_module(f"benchmarks.{name}").run())
    print("\n\n".join(reports))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
