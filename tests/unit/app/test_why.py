from __future__ import annotations

from pathlib import Path

import adhere
from adhere.app.why import MAX_PATHS, explain_package
from adhere.report.why import why_text
from corpus.environments import distribution, site_packages


def test_everybody_who_needs_a_package_is_named_even_where_ways_are_too_many(
    tmp_path: Path,
) -> None:
    packages = site_packages(tmp_path / ".venv")
    distribution(packages, "wanted")
    needing = [f"needs-{index:03}" for index in range(MAX_PATHS * 2)]
    for name in needing:
        distribution(packages, name, requires=["wanted"], requested=True)
    distribution(packages, "optional", requires=['wanted; extra == "never"'], requested=True)
    request = adhere.Request(folder=str(tmp_path), sources=(".venv",), allow_empty=True)
    told = explain_package(adhere.check(request), "wanted")
    assert len(told.paths) == MAX_PATHS
    assert told.more_paths
    assert list(told.needed_by) == needing
    text = why_text(told, colour=False)
    assert f"more than {MAX_PATHS} ways by which it is here:" in text
    assert "  and more\n" in text
