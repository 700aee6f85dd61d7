"""``python -m benchmarks [NAME ...]`` runs every benchmark, or those named."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> int:
    """Run the benchmarks that have a ``main`` and print their figures."""
    there = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name != "__main__"]
    unknown = set(names) - set(there)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(there)}")
        return 2
    for name in names or there:
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
            module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
