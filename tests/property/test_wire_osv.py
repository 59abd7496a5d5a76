"""Whatever comes from outside is a value, or is refused as garbage."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.osv import (
    Query,
    as_stored,
    from_stored,
    named_packages,
    read_batch,
    read_record,
)
from adhere.evidence.wire.reports import read_report
from adhere.evidence.wire.vex import read_vex
from adhere.model.names import PackageName
from adhere.policy.vulnerability.matching import matched

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
VERSION = st.sampled_from(["0", "1.0", "2.0rc1", "weird", "1+x", "", "*"])
EVENT = st.dictionaries(
    st.sampled_from(["introduced", "fixed", "last_affected", "limit", "other"]), VERSION | JSON
)
RANGE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["ECOSYSTEM", "GIT", "SEMVER"]) | JSON,
        "events": st.lists(EVENT) | JSON,
    }
)
PACKAGE = st.fixed_dictionaries(
    {"name": st.just("p") | JSON, "ecosystem": st.sampled_from(["PyPI", "npm"]) | JSON}
)
AFFECTED = st.fixed_dictionaries(
    {"package": PACKAGE},
    optional={
        "ranges": st.lists(RANGE) | JSON,
        "versions": st.lists(VERSION) | JSON,
        "severity": JSON,
        "database_specific": JSON,
    },
)
RECORD = st.fixed_dictionaries(
    {"id": st.just("X-1") | JSON, "modified": st.just("2026-01-01T00:00:00Z") | JSON},
    optional={
        "affected": st.lists(AFFECTED, max_size=3) | JSON,
        "aliases": st.lists(st.text()) | JSON,
        "severity": st.lists(st.fixed_dictionaries({"score": st.text() | JSON})) | JSON,
        "published": JSON,
        "withdrawn": JSON,
        "summary": JSON,
        "database_specific": st.fixed_dictionaries({"severity": st.text() | JSON}) | JSON,
    },
)
P = PackageName("p")


@given(RECORD, VERSION)
def test_a_record_is_judged_or_refused(record: dict[str, Any], version: str) -> None:
    data = json.dumps(record).encode()
    named_packages(data)
    with suppress(Garbage):
        found = read_record(data)
        assert from_stored(as_stored(found)) == found
        matched(P, version, [found])


@settings(max_examples=400)
@given(RECORD.map(lambda record: json.dumps(record).encode()), st.integers(0, 400), st.binary())
def test_a_damaged_record(data: bytes, place: int, noise: bytes) -> None:
    damaged = data[:place] + noise + data[place + len(noise) :]
    named_packages(damaged)
    with suppress(Garbage):
        read_record(damaged)


READERS: dict[str, Callable[[bytes], object]] = {
    "batch": lambda data: read_batch(data, [Query(P)]),
    "stored": from_stored,
    "report": read_report,
    "vex": lambda data: read_vex(data, "vex.json"),
}
OBJECT = st.dictionaries(
    st.sampled_from(["results", "dependencies", "statements", "bomFormat", "vulnerabilities"]), JSON
)


@pytest.mark.parametrize("name", READERS)
@given(st.binary() | (OBJECT | JSON).map(lambda value: json.dumps(value).encode()))
def test_any_bytes(name: str, data: bytes) -> None:
    with suppress(Garbage):
        READERS[name](data)
