"""``python -m adhere``."""

import sys

from adhere.surfaces.cli import run

if __name__ == "__main__":
    sys.exit(run())
