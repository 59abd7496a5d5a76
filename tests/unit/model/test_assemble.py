from __future__ import annotations

import pytest

from adhere.model.assemble import asked_for, assemble, dependency_edges, version_key
from adhere.model.inventory import Inventory, Reading, Source
from adhere.model.package import Origin
from corpus.inventories import found, package, reading, root


def names(given: Inventory) -> list[str]:
    return [f"{component.name} {component.version}" for component in given.components]


def on_linux(marker: str, source: Source) -> bool:
    return marker in (source.platform, f"python {source.python}")


LOCK = reading(
    package("app-core", "1.0", "both", "only-win; win32"),
    package("both"),
    package("only-win", marker="win32"),
    roots=(root("app-core"),),
)
INSTALLED = reading(
    package("app-core"),
    package("both", "1.0.0"),
    kind="environment",
    python="3.12.1",
    platform="linux",
)


def test_lock_and_environment_are_one_list() -> None:
    given = assemble([LOCK, INSTALLED])
    assert names(given) == ["app-core 1.0", "both 1.0", "only-win 1.0"]
    assert found(given, "both").seen_in == (0, 1)
    assert [p.version for p in found(given, "both").packages] == ["1.0", "1.0.0"]
    assert found(given, "only-win").seen_in == (0,)


def test_two_versions_are_two_components_in_the_order_of_versions() -> None:
    lock = reading(package("a", "10.0"), package("a", "9.1"), package("a", "weird"))
    assert names(assemble([lock])) == ["a weird", "a 9.1", "a 10.0"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("1.0", "1.0.0", True), ("1.0rc1", "1.0.0-rc.1", True), ("1.0", "1.0.1", False)],
)
def test_a_version_is_the_same_however_it_is_spelled(first: str, second: str, same: bool) -> None:
    assert (version_key(first) == version_key(second)) is same
    given = assemble([reading(package("a", first)), reading(package("a", second))])
    assert len(given.components) == (1 if same else 2)


def test_what_a_project_asks_for_is_direct() -> None:
    given = assemble([LOCK])
    assert found(given, "app-core").direct
    assert not found(given, "both").direct
    assert found(given, "both").path == ("app-core", "both")


def test_a_constraint_asks_for_nothing() -> None:
    lock = reading(package("a"), package("b"), roots=(root("a"), root("b", constraint=True)))
    given = assemble([lock])
    assert not found(given, "b").direct
    assert found(given, "b").path == ()


def test_without_a_project_the_installer_knows_what_was_asked_for() -> None:
    environment = reading(
        package("a", "1.0", "b", requested=True), package("b", requested=False), kind="environment"
    )
    given = assemble([environment])
    assert found(given, "a").direct
    assert not found(given, "b").direct


@pytest.mark.parametrize("requested", [None, False])
def test_where_the_installer_left_no_trace_what_nothing_needs_is_direct(
    requested: bool | None,
) -> None:
    environment = reading(
        package("a", "1.0", "b", requested=requested),
        package("b", requested=requested),
        kind="environment",
    )
    given = assemble([environment])
    assert [component.direct for component in given.components] == [True, False]
    assert found(given, "b").path == ("a", "b")


def test_groups_come_from_what_asks_and_from_the_source() -> None:
    lock = reading(
        package("web", "1.0", "shared"),
        package("tool", "1.0", "shared"),
        package("shared"),
        package("typed", groups=("types",)),
        package("lonely"),
        roots=(root("web"), root("tool", group="dev")),
    )
    given = assemble([lock])
    groups = {component.name: component.groups for component in given.components}
    assert groups == {
        "web": ("runtime",),
        "tool": ("dev",),
        "shared": ("dev", "runtime"),
        "typed": ("types",),
        "lonely": ("runtime",),
    }


def test_a_path_prefers_what_runs() -> None:
    lock = reading(
        package("tool", "1.0", "shared"),
        package("web", "1.0", "deep"),
        package("deep", "1.0", "shared"),
        package("shared"),
        roots=(root("tool", group="dev"), root("web")),
    )
    # The shortest way of all; among those of one length, that from a runtime requirement.
    assert found(assemble([lock]), "shared").path == ("tool", "shared")
    short = reading(
        package("a-tool", "1.0", "shared"),
        package("web", "1.0", "shared"),
        package("shared"),
        roots=(root("a-tool", group="dev"), root("web")),
    )
    assert found(assemble([short]), "shared").path == ("web", "shared")


@pytest.mark.parametrize(
    ("pattern", "name", "ours"),
    [
        ("acme-*", "Acme.Core", True),
        ("acme_*", "acme-core", True),
        ("acme-*", "acme", False),
        ("*", "anything", True),
        ("acme-?", "acme-ab", False),
        ("ACME", "acme", True),
    ],
)
def test_first_party_patterns_match_canonical_names(pattern: str, name: str, ours: bool) -> None:
    (component,) = assemble([reading(package(name))], [pattern]).components
    assert component.first_party is ours


def test_a_source_may_say_which_packages_are_ours() -> None:
    given = assemble([reading(package("app"), package("dep"), first_party=("app",))])
    assert found(given, "app").first_party
    assert not found(given, "dep").first_party


def test_what_is_locked_for_another_platform_is_told() -> None:
    given = assemble([LOCK, INSTALLED], holds=on_linux)
    assert found(given, "only-win").elsewhere
    assert not found(given, "both").elsewhere


def test_without_an_environment_everything_is_meant() -> None:
    assert not found(assemble([LOCK], holds=on_linux), "only-win").elsewhere


def test_what_is_installed_is_meant_whatever_its_marker_says() -> None:
    installed = reading(package("only-win"), kind="environment", python="3.12.1", platform="linux")
    assert not found(assemble([LOCK, installed], holds=on_linux), "only-win").elsewhere


def test_what_one_of_two_environments_needs_is_meant() -> None:
    windows = reading(kind="pip-inspect", python="3.12.1", platform="win32")
    assert not found(assemble([LOCK, INSTALLED, windows], holds=on_linux), "only-win").elsewhere


def test_what_nothing_asks_for_is_never_elsewhere() -> None:
    lock = reading(package("a"), package("stale"), roots=(root("a"),))
    given = assemble([lock, INSTALLED], holds=on_linux)
    assert found(given, "stale").path == ()
    assert not found(given, "stale").elsewhere


def test_roots_know_their_source() -> None:
    other = reading(package("b"), roots=(root("b"),))
    given = assemble([LOCK, other])
    assert [(r.name, r.source) for r in given.roots] == [("app-core", 0), ("b", 1)]


def test_where_paths_begin() -> None:
    environment = reading(package("c", requested=True), kind="environment")
    given = assemble([LOCK, environment])
    assert asked_for(given) == (("app-core", ()), ("c", ()))


def test_edges_of_all_versions_and_sources_count() -> None:
    first, second = reading(package("a", "1", "b")), reading(package("a", "2", "c"))
    edges = dependency_edges(assemble([first, second]))
    assert [edge.name for edge in edges[found_name("a")]] == ["b", "c"]


def found_name(name: str) -> str:
    return name


def test_an_origin_with_an_address_tells_more() -> None:
    lock = reading(package("a", origin=Origin("index", "https://index.example.org")))
    installed = reading(package("a", origin=Origin("index")), kind="environment")
    assert found(assemble([installed, lock]), "a").origin.url == "https://index.example.org"


def test_no_reading_is_an_empty_inventory() -> None:
    assert assemble([]) == Inventory()


def test_a_package_listed_twice_is_one_that_keeps_both_descriptions() -> None:
    given: Reading = reading(
        package("a", origin=Origin("index", "https://index.example.org"), marker="linux"),
        package("a", origin=Origin("url", "https://files.example.org/a"), marker="win32"),
    )
    one = found(assemble([given]), "a")
    assert [p.origin.kind for p in one.packages] == ["index", "url"]
    assert one.seen_in == (0, 0)


def test_one_of_two_markers_of_a_package_is_enough_to_be_here() -> None:
    lock = reading(package("a", marker="win32"), package("a", marker="linux"), roots=(root("a"),))
    environment = reading(kind="environment", python="3.12.1", platform="linux")
    assert not found(assemble([lock, environment], holds=on_linux), "a").elsewhere


def test_an_environment_tells_the_version_that_a_lock_leaves_open() -> None:
    lock = reading(package("a", ""), package("b", ""))
    installed = reading(package("a", "1.0"), kind="environment")
    given = assemble([lock, installed])
    assert names(given) == ["a 1.0", "b "]
    assert found(given, "a").seen_in == (0, 1)


def test_a_version_left_open_among_several_stays_open() -> None:
    lock = reading(package("a", ""), package("a", "1.0"))
    installed = reading(package("a", "1.0"), kind="environment")
    assert names(assemble([lock, installed])) == ["a ", "a 1.0"]
    others = [reading(package("a", "1.0")), reading(package("a", "2.0"))]
    assert names(assemble([reading(package("a", "")), *others])) == ["a ", "a 1.0", "a 2.0"]
