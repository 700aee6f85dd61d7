"""The command that starts the pages, from a checkout or from an installed package."""

from __future__ import annotations

import runpy
import sys
from argparse import Namespace

from sm_tracker.config import ROOT


def start_dashboard(options: Namespace) -> int:
    """Run the dashboard in this process, until it is stopped."""
    words = ["streamlit", "run", str(ROOT / "app.py")]
    if options.port:
        words += ["--server.port", str(options.port)]
    if options.no_browser:
        words += ["--server.headless", "true"]
    sys.argv = words
    # As `python -m streamlit` does it, so that no page's library is imported here.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0
