"""The software bill of materials names every package of the container and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys


def test_the_bill_names_every_locked_package_with_its_version_and_all_hashes(repository):
    ran = subprocess.run(
        [sys.executable, "-m", "docs.make_sbom"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    bill = json.loads(ran.stdout)
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s\\]+)", lock, re.MULTILINE))
    assert {c["name"]: c["version"] for c in bill["components"]} == locked
    hashes = [h["content"] for component in bill["components"] for h in component["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert bill["bomFormat"] == "CycloneDX"
