"""Severities and their derivation, of made records and of all real ones that have a vector."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import get_args

import pytest

from adhere.evidence.wire.osv import read_record
from adhere.model.advisory import Advisory
from adhere.policy.vulnerability.aliases import all_ids
from adhere.policy.vulnerability.cvss import score
from adhere.policy.vulnerability.severity import Source, severity

FOLDER = Path(__file__).parent / "advisories"
EXAMPLES = [
    line.split()
    for line in (FOLDER / "cvss-examples.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("expected", "vector"), EXAMPLES)
def test_examples_of_the_specifications(expected: str, vector: str) -> None:
    assert str(score(vector)[1]) == expected


def told(record: Advisory, source: Source) -> str:
    ratings = (*record.ratings, *(r for part in record.affected for r in part.ratings))
    found = severity(all_ids([record]), ratings, source)
    shown = found.band if found.score is None else f"{found.band} {found.score}"
    return f"{shown}: {'; '.join(found.derivation)}"


def lines(records: Iterable[Advisory]) -> Iterable[str]:
    for record in records:
        first, *others = ((told(record, source), source) for source in get_args(Source))
        yield f"{record.id}\n    {first[0]}"
        yield from (f"    {source}: {text}" for text, source in others if text != first[0])


def test_made_records(golden: Callable[[Path, str], None]) -> None:
    made = json.loads((FOLDER / "made.json").read_text("utf-8"))
    records = [read_record(json.dumps(record).encode()) for record in made]
    golden(FOLDER / "made.txt", "\n".join(lines(records)) + "\n")


def test_real_records(shared_data: Path, golden: Callable[[Path, str], None]) -> None:
    with zipfile.ZipFile(shared_data / "osv-pypi-2024-10-10.zip") as archive:
        records = [read_record(archive.read(name)) for name in sorted(archive.namelist())]
    rated = [record for record in records if record.ratings]
    assert len(rated) == 202
    golden(FOLDER / "real.txt", "\n".join(lines(rated)) + "\n")
