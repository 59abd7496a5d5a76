"""CVSS scores equal those of another implementation, for every vector that there can be.

The other one is the package ``cvss``, which is under the LGPL and so no dependency of ours.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import product

import pytest
from cvss import CVSS2, CVSS3, CVSS4
from hypothesis import given, settings
from hypothesis import strategies as st

from adhere.policy.vulnerability import cvss2, cvss3, cvss4
from adhere.policy.vulnerability.cvss import score
from adhere.policy.vulnerability.vector import VectorError


def vectors(prefix: str, metrics: dict[str, str]) -> list[str]:
    """Every combination of values."""
    every = product(*([f"{name}:{value}" for value in metrics[name].split()] for name in metrics))
    return [prefix + "/".join(parts) for parts in every]


def test_every_v2_vector() -> None:
    for vector in vectors("", cvss2._MANDATORY):
        assert score(vector) == ("2.0", float(CVSS2(vector).base_score)), vector


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_every_v3_vector(version: str) -> None:
    for vector in vectors(f"CVSS:{version}/", cvss3._MANDATORY):
        assert score(vector) == (version, float(CVSS3(vector).base_score)), vector


def one_of(values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values.split())


V4 = st.fixed_dictionaries(
    {name: one_of(values) for name, values in cvss4._MANDATORY.items()},
    optional={name: one_of(values) for name, values in cvss4._OPTIONAL.items()},
)


@settings(max_examples=1_000)
@given(V4)
def test_v4_vectors(metrics: dict[str, str]) -> None:
    vector = "CVSS:4.0/" + "/".join(f"{name}:{value}" for name, value in metrics.items())
    assert score(vector) == ("4.0", float(CVSS4(vector).base_score))


@given(st.text(max_size=60) | st.from_regex(r"(CVSS:[234]\.[01]/)?([A-Z]{1,2}:[A-Z]/?){0,12}"))
def test_any_text_is_a_vector_or_is_refused(text: str) -> None:
    with suppress(VectorError):
        _, value = score(text)
        assert 0.0 <= value <= 10.0
