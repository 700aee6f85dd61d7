"""The software bill of materials: every package of the container with version and hashes.

``python -m docs.make_sbom > sbom.json`` writes it as CycloneDX 1.5 from ``requirements.lock``,
the same for the same lock.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

from sm_tracker import __version__

ROOT = Path(__file__).parents[1]
LOCK = "requirements.lock"
_PACKAGE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[.*?\])?==(?P<version>[^\s;\\]+)", re.MULTILINE
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill_of_materials(lock: str) -> dict[str, Any]:
    """The bill for the text of a lock with hashes, as CycloneDX wants it."""
    found = list(_PACKAGE.finditer(lock))
    ends = [m.start() for m in found[1:]] + [len(lock)]
    components = [
        _component(m["name"].lower(), m["version"], lock[m.end() : end])
        for m, end in zip(found, ends, strict=True)
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "sm-tracker", "version": __version__}
        },
        "components": components,
    }


def _component(name: str, version: str, rest: str) -> dict[str, Any]:
    # A wheel for each platform: each may be what is installed, so each hash stands here.
    hashes = sorted(_HASH.findall(rest))
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": h} for h in hashes],
    }


def main() -> int:
    """Write the bill of the lock to the standard output."""
    json.dump(bill_of_materials((ROOT / LOCK).read_text(encoding="utf-8")), sys.stdout, indent=2)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
