"""``python -m sm_tracker``."""

import sys


def run() -> int:
    """Run the command of this process; stopping it while it still loads is not a fault either."""
    try:
        from sm_tracker.cli import main
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
