"""``python -m sm_tracker``."""

import sys

from sm_tracker.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
