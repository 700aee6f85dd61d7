"""The steps of the Containerfile, done one after the other without a container.

Everything but the base image is tried, so no container builder is needed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time

import pytest

from tests.patience import PATIENCE_S

PORT = "8501"
pytestmark = pytest.mark.long


@pytest.fixture
def container(repository, tmp_path):
    """The Containerfile with other places, and a free port."""
    text = (repository / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    for place, here in (("/records", tmp_path / "records"), ("/tmp", tmp_path), (PORT, port)):
        text = re.sub(rf"(?<![\w/]){place}\b", str(here), text)
    return text


def test_every_step_of_the_container_works_and_the_dashboard_answers(
    container, repository, tmp_path
):
    (tmp_path / "records").mkdir()
    app, environment = tmp_path / "app", tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    settings = shlex.split(re.search(r"^ENV (.+)$", container, re.MULTILINE)[1])
    known = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("SM_TRACKER", "PYTHON"))},
        **dict(setting.split("=", 1) for setting in settings),
        "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
    }
    for step, words in re.findall(r"^(COPY|RUN pip) (.+)$", container, re.MULTILINE):
        if step == "COPY":
            source, target = words.split()
            copy = shutil.copytree if (repository / source).is_dir() else shutil.copy
            to = app / target if target != "./" else app / source
            to.parent.mkdir(parents=True, exist_ok=True)
            copy(repository / source, to)
        else:
            subprocess.run(["pip", *shlex.split(words)], check=True, cwd=app, env=known)
    health, start = (json.loads(found) for found in re.findall(r"\bCMD (\[.+\])$", container, re.M))
    server = subprocess.Popen(start, cwd=app, env=known)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while subprocess.run(health, cwd=app, env=known, capture_output=True).returncode:
            assert server.poll() is None
            assert time.monotonic() < deadline, "the dashboard does not answer"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
