"""Which packages each package needs, of those that are listed."""

from __future__ import annotations

from adhere.model.assemble import assemble
from adhere.model.dependencies import dependencies_of_each
from adhere.model.inventory import Reading
from corpus.inventories import package, reading, root


def needs(*readings: Reading) -> dict[str, tuple[str, ...]]:
    inventory = assemble(readings)
    found = dependencies_of_each(inventory)
    keys = [(one.name, one.version) for one in inventory.components]
    return {f"{name} {version}": found.get((name, version), ()) for name, version in keys}


def test_only_what_is_listed_is_told() -> None:
    found = needs(reading(package("a", "1.0", "b", "gone"), package("b"), roots=(root("a"),)))
    assert found == {"a 1.0": ("b",), "b 1.0": ()}


def test_an_extra_counts_where_somebody_asks_for_it() -> None:
    packages = (package("a", "1.0", "b (fast)", "c (slow)"), package("b"), package("c"))
    assert needs(reading(*packages, roots=(root("a[fast]"), root("c"))))["a 1.0"] == ("b",)
    assert needs(reading(*packages, roots=(root("a"),)))["a 1.0"] == ()


def test_what_nothing_asks_for_still_needs_what_it_needs() -> None:
    circle = (package("a", "1.0", "b"), package("b", "1.0", "a"))
    assert needs(reading(*circle, roots=())) == {"a 1.0": ("b",), "b 1.0": ("a",)}


def test_of_several_versions_the_one_that_the_same_source_lists_is_meant() -> None:
    lock = reading(package("a", "1.0", "b"), package("b", "1.0"), roots=(root("a"),))
    installed = reading(package("a", "1.0"), package("b", "2.0"), kind="environment")
    assert needs(lock, installed)["a 1.0"] == ("b==1.0",)
    knows = reading(package("a", "1.0", "b"), package("b", "2.0"), kind="environment")
    assert needs(lock, knows)["a 1.0"] == ("b==1.0", "b==2.0")


def test_a_source_that_does_not_list_it_may_mean_any() -> None:
    first = reading(package("a", "1.0", "b"), roots=(root("a"),))
    second = reading(package("b", "1.0"), package("b", "2.0"))
    assert needs(first, second)["a 1.0"] == ("b==1.0", "b==2.0")


def test_an_extra_may_ask_for_another() -> None:
    packages = (
        package("a", "1.0", "a[fast] (all)", "c (never)"),
        package("fast", "1.0", "a[all]"),
        package("b", "1.0"),
        package("c", "1.0"),
    )
    more = reading(package("a", "1.0", "b (fast)"))
    found = needs(reading(*packages, roots=(root("fast"),)), more)
    assert found["a 1.0"] == ("a", "b")
