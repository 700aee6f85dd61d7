"""Programs that a machine may lack: `.ci/run --long` installs them, and nothing is skipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sm_tracker.cli import main
from tests.patience import PATIENCE_S

Run = Callable[..., None]


@pytest.fixture(scope="session")
def sample(repository: Path) -> list[str]:
    """The files of the index case."""
    folder = repository / "sample_data"
    return [str(folder / f"index_case_{k}.csv") for k in ("measurements", "therapies", "outcomes")]


@pytest.fixture(scope="session")
def program() -> Run:
    """Runs a program, which must be there and must succeed."""

    def run(name: str, *words: str | Path) -> None:
        path = shutil.which(name)
        assert path is not None, f"{name} is missing; .ci/run --long installs it"
        subprocess.run([path, *words], check=True, capture_output=True, timeout=PATIENCE_S)

    return run


@pytest.fixture
def office(program: Run, tmp_path: Path) -> Callable[[Path, str], Path]:
    """Opens a file in LibreOffice and saves it in another format; gives the new file."""

    def convert(file: Path, to: str) -> Path:
        profile, out = tmp_path / "profile", tmp_path / "converted"
        program(
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--convert-to", to, "--outdir", out, file),
        )
        return out / f"{file.stem}.{to.partition(':')[0]}"

    return convert


@pytest.fixture
def write(tmp_path: Path, sample: list[str]) -> Callable[..., Path]:
    """Writes a file of the index case with one of our commands."""

    def make(command: str, name: str, *options: str) -> Path:
        assert main([command, *sample, "--out", str(tmp_path / name), *options]) == 0
        return tmp_path / name

    return make
