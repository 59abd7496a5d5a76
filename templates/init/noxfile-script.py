# /// script
# requires-python = ">=3.11"
# dependencies = ["nox", "adhere"]
# ///
"""Sessions of this project. `python -m nox -s compliance` judges its dependencies."""

import adhere.nox

adhere.nox.sessions()

if __name__ == "__main__":
    import nox

    nox.main()
