"""Each page of a patient whose values lie at the limits of a record, in seconds of CPU."""

from __future__ import annotations

import os
import tempfile
import time

from streamlit.testing.v1 import AppTest

PAGES = ("timeline", "compare", "records", "figure", "report", "import_files", "settings")


def main() -> None:
    """Print the CPU time of each page, the second time it is shown."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SM_TRACKER_DATA_FOLDER"] = folder
        from sm_tracker.workflow import storing
        from tests.app.test_pages_at_the_limits import ROOT, records_at_the_limits

        _, records = records_at_the_limits(dated=True)
        with storing.record_store() as store:
            store.save_edits([storing.Addition(r, "written down") for r in records])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300).run()
        for page in PAGES:
            app.switch_page(f"sm_tracker/ui/pages/{page}.py")
            seconds = []
            for _ in range(2):
                start = time.process_time()
                app.run()
                seconds.append(time.process_time() - start)
            print(f"{page:<14} first {seconds[0]:5.2f} s, again {seconds[1]:5.2f} s")


if __name__ == "__main__":
    main()
