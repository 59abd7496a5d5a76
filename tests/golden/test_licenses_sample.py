"""Real packages: those whose evidence a person read, and all of them against themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adhere.licenses.relations import stem
from adhere.licenses.texts import TextFacts
from corpus.licenses.distributions import Distribution, digest_of, distributions

SAMPLE = json.loads((Path(__file__).parent / "licenses/sample.json").read_text("utf-8"))
ROWS: list[dict[str, Any]] = SAMPLE["packages"]


@pytest.fixture(scope="module")
def real(real_site_packages: Path) -> dict[str, Distribution]:
    return {found.name: found for found in distributions(real_site_packages)}


@pytest.fixture(scope="module")
def known() -> dict[str, TextFacts]:
    return {}


def test_the_sample_spans_every_kind_of_evidence() -> None:
    assert len(ROWS) >= 190
    assert len({row["evidence"] for row in ROWS}) == 13
    assert {row["state"] for row in ROWS} == {"concluded", "ambiguous", "conflicting", "unknown"}
    assert all(row["expression"] or row["remark"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_nothing_else_is_concluded_than_what_was_read(
    row: dict[str, Any], real: dict[str, Distribution], known: dict[str, TextFacts]
) -> None:
    package = real[row["name"]]
    assert (package.version, package.declared.digest) == (row["version"], row["metadata"])
    assert {path: digest_of(data) for path, data in package.files} == row["files"]
    found = package.conclude(known, curated=False)
    deciding = sorted({claim.kind for claim in found.claims if claim.standing == "decides"})
    assert (found.state, deciding) == (row["state"], row["decides"]), found.why
    if found.state == "concluded":
        assert found.expression == row["expression"], found.why
    else:
        assert not row["expression"], found.why


def test_most_packages_are_concluded_and_the_others_say_why(
    real: dict[str, Distribution], known: dict[str, TextFacts]
) -> None:
    found = [package.conclude(known) for package in real.values()]
    concluded = [conclusion for conclusion in found if conclusion.state == "concluded"]
    assert len(found) == 741
    assert len(concluded) / len(found) > 0.975
    assert all((conclusion.why and conclusion.confidence <= 0.5) or conclusion in concluded
               for conclusion in found)  # fmt: skip


def test_every_bsd_with_a_text_is_decided_by_its_text(
    real: dict[str, Distribution], known: dict[str, TextFacts]
) -> None:
    named = [package for package in real.values() if package.declared.text.strip() == "BSD"]
    assert len(named) == 31
    by = []
    for package in named:
        found = package.conclude(known)
        assert found.state == "concluded", found.why
        by.extend(claim.kind for claim in found.claims if claim.standing == "decides")
    assert (by.count("license-text"), by.count("curated")) == (29, 2)


def test_other_evidence_agrees_with_the_expression_wherever_it_concludes(
    real: dict[str, Distribution], known: dict[str, TextFacts]
) -> None:
    declaring = [package for package in real.values() if package.declared.expression]
    assert len(declaring) == 312
    wrong = []
    concluded = 0
    for package in declaring:
        found = package.conclude(known, hide_expression=True)
        if found.state != "concluded":
            continue
        concluded += 1
        said = package.conclude(known).expression
        if stem(found.expression) != stem(said):
            wrong.append((package.name, said, found.expression, found.why))
    assert wrong == []
    assert concluded > 250
