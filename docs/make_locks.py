"""The requirements files, locked from the ranges in ``pyproject.toml``.

``python -m docs.make_locks`` after a change of a range: what is locked stays where the ranges
allow it. With ``--upgrade`` everything goes to the newest versions that the ranges allow and
that have wheels on every platform of ``tool.uv.required-environments``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLDEST_PYTHON = "3.11"
HEAD = "# Locked from pyproject.toml by: python -m docs.make_locks"
LOCKS = {
    "requirements.txt": (("test",), ""),
    "requirements-registry.txt": (("registry",), "requirements.txt"),
    "requirements-stat.txt": (("stat",), "requirements.txt"),
    "requirements-dev.txt": (("dev",), "requirements-registry.txt"),
}
"""By name: the extras in a lock beside the program, and the lock it stands upon."""
HASHED = "requirements.lock"
"""The lock of the container: the program alone, with hashes."""


def pins(name: str) -> list[str]:
    """The pins of a lock, with those of the locks it stands upon."""
    found: list[str] = []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found += pins(line.removeprefix("-r ").strip())
        elif line and not line.startswith(("#", " ")):
            found.append(line.removesuffix("\\").strip())
    return found


def package(pin: str) -> str:
    """Name of the package of a pin.

    Examples
    --------
    >>> package("numpy==2.4.6 ; python_full_version < '3.12'")
    'numpy'
    """
    return re.split(r"[^\w.-]", pin, maxsplit=1)[0]


def renew(upgrade: bool) -> None:
    """Write every lock as a part of one solution for everything, so that no two differ."""
    solution = _solved(["dev"], [] if upgrade else pins("requirements-dev.txt"))
    for name, (extras, below) in LOCKS.items():
        needed = {package(pin) for pin in _solved(extras, list(solution))}
        needed -= {package(pin) for pin in pins(below)} if below else set()
        upon = [f"-r {below}"] if below else []
        _write(name, [*upon, *(pin for pin in solution if package(pin) in needed)])
    needed = {package(pin) for pin in _solved([], list(solution))}
    _write(
        HASHED,
        (
            " \\\n".join([pin, *(f"    {one}" for one in hashes)])
            for pin, hashes in solution.items()
            if package(pin) in needed
        ),
    )


def _solved(extras: Iterable[str], preferred: Sequence[str]) -> dict[str, list[str]]:
    """Pins with their hashes, the preferred ones where the ranges allow them."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "lock.txt"
        lock.write_text("\n".join(preferred), encoding="utf-8")
        chosen = [word for extra in extras for word in ("--extra", extra)]
        subprocess.run(
            [Path(sysconfig.get_path("scripts")) / "uv", "pip", "compile", "pyproject.toml",
             "--universal", "--python-version", OLDEST_PYTHON, "--only-binary", ":all:",
             "--generate-hashes", "--quiet", "--no-header", "--no-annotate",
             "--output-file", lock, *chosen],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        found: dict[str, list[str]] = {}
        for line in lock.read_text(encoding="utf-8").splitlines():
            text = line.removesuffix("\\").strip()
            if line.startswith(" "):
                found[next(reversed(found))].append(text)
            else:
                found[text] = []
        return found


def _write(name: str, lines: Iterable[str]) -> None:
    text = "\n".join([HEAD, *lines]) + "\n"
    (ROOT / name).write_text(text, encoding="utf-8", newline="\n")


def main(words: Sequence[str]) -> int:
    """Renew the locks."""
    parser = argparse.ArgumentParser(prog="python -m docs.make_locks", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="newest versions in the ranges")
    renew(parser.parse_args(words).upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
