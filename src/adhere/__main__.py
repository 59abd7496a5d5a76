"""``python -m adhere``."""

from adhere.surfaces.cli import main

if __name__ == "__main__":
    main()
