"""Sessions of this project. `python -m nox -s compliance` judges its dependencies."""

import adhere.nox

adhere.nox.sessions()
