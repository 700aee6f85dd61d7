"""Each page of a patient with a record at every limit of what a record can hold: CPU seconds."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
AIM_S = 5.0


def main() -> None:
    """Print the processor time of each page, the first time it is shown and again."""
    # What every page of any patient loads once is loaded first.
    _pages("A1", dated=True, at_the_limits=False)
    for dated in (True, False):
        figures = _pages("limits", dated=dated, at_the_limits=True)
        print(f"{'dates' if dated else 'day numbers'} at their limits")
        for page, (first, again) in figures.items():
            print(f"  {page:<14} first {first:5.2f} s, again {again:5.2f} s of CPU")
        slowest = max(figures, key=lambda page: figures[page][0])
        print(f"  slowest: {slowest}, {figures[slowest][0]:.2f} s (aim: {AIM_S:g} s a page)")


def _pages(name: str, *, dated: bool, at_the_limits: bool) -> dict[str, tuple[float, float]]:
    from sm_tracker.config import configuration
    from sm_tracker.workflow import storing
    from tests.extreme_records import ordinary_records, records_at_the_limits

    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SM_TRACKER_DATA_FOLDER"] = folder
        configuration.cache_clear()
        records = (records_at_the_limits if at_the_limits else ordinary_records)(dated=dated)
        with storing.record_store() as store:
            store.save_edits([storing.Addition(r, "written down") for r in records])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600).run()
        for page in sorted((ROOT / "sm_tracker" / "ui" / "pages").glob("*.py")):
            app.switch_page(str(page.relative_to(ROOT)))
            seconds = []
            for _ in range(2):
                start = time.process_time()
                app.run()
                seconds.append(time.process_time() - start)
            figures[page.stem] = (seconds[0], seconds[1])
    return figures


if __name__ == "__main__":
    main()
