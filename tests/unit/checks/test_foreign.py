"""Check kinds of other distributions, from the entry point to the verdict."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Any

import pytest
from msgspec import Struct

from adhere.checks import BUILT_IN, Kinds
from adhere.checks.foreign import load
from adhere.errors import ConfigError
from adhere.policy.rule import Code, Kind
from fakes.kinds import passes, probe


class Point:
    """An entry point of the test's own."""

    def __init__(
        self, offer: Callable[[], object], name: str = "acme.few", value: str = "a:K"
    ) -> None:
        self.name, self.value, self._offer = name, value, offer

    def load(self) -> object:
        return self._offer()


def kinds(monkeypatch: pytest.MonkeyPatch, *points: Point) -> Kinds:
    offered = {"adhere.checks": points}
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: offered[group])
    return Kinds()


def refused(monkeypatch: pytest.MonkeyPatch, *points: Point) -> str:
    with pytest.raises(ConfigError) as caught:
        kinds(monkeypatch, *points)["acme.few"]
    (problem,) = caught.value.problems
    assert problem.code == "kind-unloadable"
    assert problem.hint
    return problem.message


def kind(**parts: Any) -> Kind:
    values = {
        "name": "acme.few",
        "summary": "for tests",
        "params": probe().params,
        "codes": (Code("acme-many", "x"),),
        "needs": lambda _params: (),
        "judge": passes,
        **parts,
    }
    return Kind(**values)


def test_a_kind_is_found_by_the_name_of_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    own = kind()
    found = kinds(monkeypatch, Point(lambda: own))
    assert found["acme.few"] is own
    assert "acme.few" in found
    assert set(found) == {*BUILT_IN, "acme.few"}


def test_no_distribution_can_replace_a_kind_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = Point(lambda: kind(name="files.present"), "files.present")
    found = kinds(monkeypatch, theirs)
    assert list(found).count("files.present") == 1
    assert found["files.present"].judge.__module__ == "adhere.checks.files_present"


def test_two_distributions_with_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    message = refused(monkeypatch, Point(kind, value="a:K"), Point(kind, value="b:K"))
    assert "several distributions offer" in message
    assert "`a:K`, `b:K`" in message


def test_one_distribution_that_is_seen_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kinds(monkeypatch, Point(kind), Point(kind))["acme.few"].name == "acme.few"


@pytest.mark.parametrize("error", [ImportError("gone"), ValueError("x"), SystemExit(0)])
def test_one_that_cannot_be_loaded(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def offer() -> object:
        raise error

    assert type(error).__name__ in refused(monkeypatch, Point(offer))


@pytest.mark.parametrize("offer", [None, 5, Kind, "acme.few", probe])
def test_something_that_is_no_kind(offer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not a check kind" in refused(monkeypatch, Point(lambda: offer))


class NotFrozen(Struct):
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"name": "acme.other"}, "calls itself 'acme.other'"),
        ({"params": dict}, "no msgspec `Struct` type"),
        ({"params": NotFrozen()}, "no msgspec `Struct` type"),
        ({"needs": ()}, "a `needs` that cannot be called"),
        ({"judge": None}, "a `judge` that cannot be called"),
        ({"validate": True}, "a `validate` that cannot be called"),
        ({"codes": ()}, "names no codes"),
        ({"codes": "acme-many"}, "names no codes"),
        ({"codes": ("acme-many",)}, "has the code 'acme-many'"),
        ({"codes": (Code("Acme Many", "x"),)}, "codes are kebab-case"),
        ({"codes": (Code("license-denied", "x"),)}, "is one of `licenses.allowed`"),
        ({"codes": (Code("waiver-expired", "x"),)}, "is one of `waivers`"),
    ],
)
def test_a_kind_that_cannot_be_used(
    parts: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words in refused(monkeypatch, Point(lambda: kind(**parts)))


def test_what_is_not_offered_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = kinds(monkeypatch)
    assert found.get("acme.few") is None
    assert load("acme.few", [Point(kind)], {}).name == "acme.few"
