"""What other scanners found."""

from __future__ import annotations

from adhere.app.answers import Given
from adhere.model.finding import Missing
from adhere.model.need import Answer, ScansNeed
from adhere.model.scan import Scan
from adhere.sources.sarif_file import read_scans


def answer(need: ScansNeed, given: Given) -> Answer:
    """Every run of every file; missing where there is none.

    Raises:
        ConfigError: a file is no SARIF. What the others say may be half of it.
    """
    found: list[Scan] = []
    for pattern in need.files:
        paths = given.tree.matching(pattern)
        if not paths:
            hint = "let the scanner write it before the check, or mend the rule"
            return Missing(f"there is no file `{pattern}`", hint)
        for path in paths:
            found += read_scans(given.text(path), path)
    return tuple(found)
