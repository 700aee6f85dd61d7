"""The documents as a site of plain pages.

``python -m docs.make_site FOLDER`` writes the pages of ``mkdocs.yml`` and fails where a link or
an anchor leads nowhere.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BESIDE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md",
          "LICENSE", "CITATION.cff")  # fmt: skip
FOLDERS = ("docs", "sample_data", ".github")
"""What the documents link to, in the places that they have in the project."""


def write_site(folder: Path) -> None:
    """Write the site into a folder, which is emptied first.

    Raises
    ------
    mkdocs.exceptions.Abort
        If a link, an anchor or a page of the navigation does not exist.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    with tempfile.TemporaryDirectory() as made:
        source = Path(made)
        for name in BESIDE:
            shutil.copyfile(ROOT / name, source / name)
        for name in FOLDERS:
            leave = shutil.ignore_patterns("*.py", "__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=leave)
        config = load_config(
            str(ROOT / "mkdocs.yml"), docs_dir=str(source), site_dir=str(folder), strict=True
        )
        build(config)


if __name__ == "__main__":
    write_site(Path(sys.argv[1]))
