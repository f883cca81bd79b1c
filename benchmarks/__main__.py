"""`python -m benchmarks [NAME …]`: run the named benchmarks, all of them without a name; `--list` names them.

Exit code: 0 every figure within its reach, 1 one of them beyond it, 2 a name that does not exist.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks.check import check
from benchmarks.cold import cold
from benchmarks.crawl import crawl
from benchmarks.duplicates import duplicates
from benchmarks.fix import fix
from benchmarks.history import history
from benchmarks.html import html
from benchmarks.kill import kill
from benchmarks.memory import memory
from benchmarks.scoring import scoring

Benchmark = Callable[[], tuple[str, bool]]
"""() → (what to print, whether the figure is within its reach)."""

REGISTRY: Mapping[str, Benchmark] = {
    "scoring": scoring,
    "duplicates": duplicates,
    "crawl": crawl,
    "memory": memory,
    "kill": kill,
    "check": check,
    "cold": cold,
    "history": history,
    "html": html,
    "fix": fix,
}


def main(names: Sequence[str]) -> int:
    """Run the benchmarks in the order given."""
    if "--list" in names:
        print("\n".join(REGISTRY))
        return 0
    unknown = [name for name in names if name not in REGISTRY]
    if unknown:
        print(f"error: no benchmark named {unknown[0]}; there are {', '.join(REGISTRY)}", file=sys.stderr)
        return 2
    within = True
    for name in names or REGISTRY:
        try:
            text, good = REGISTRY[name]()
        except RuntimeError as error:  # what is measured did not do what it should; the others may
            text, good = str(error), False
        print(f"{name}: {text}")
        within = within and good
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
