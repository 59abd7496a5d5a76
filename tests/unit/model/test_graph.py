from __future__ import annotations

from itertools import islice

import pytest

from adhere.model.graph import Edges, all_ways, reach, way_to
from adhere.model.names import PackageName
from corpus.inventories import need


def edges(**needs: str) -> Edges:
    return {
        PackageName(name): tuple(need(text.strip()) for text in texts.split("|") if text)
        for name, texts in needs.items()
    }


def asked(*texts: str) -> list[tuple[PackageName, tuple[str, ...]]]:
    return [(need(text).name, need(text).extras) for text in texts]


def reached(graph: Edges, *roots: str) -> str:
    return " ".join(sorted(reach(graph, asked(*roots))))


def test_follows_every_edge() -> None:
    graph = edges(app="a|b", a="c", b="c", c="", d="a")
    assert reached(graph, "app") == "a app b c"


def test_what_is_asked_for_needs_no_entry_of_its_own() -> None:
    assert reached(edges(), "app") == "app"


def test_a_circle_ends() -> None:
    assert reached(edges(a="b", b="c", c="a|c"), "a") == "a b c"


def test_an_extra_counts_only_where_somebody_asks_for_it() -> None:
    graph = edges(app="web", web="core|fast-loop (fast)|docs-tool (docs)")
    assert reached(graph, "app") == "app core web"
    assert reached(graph, "app", "web[fast]") == "app core fast-loop web"
    assert reached(edges(app="web[docs]", web="docs-tool (docs)"), "app") == "app docs-tool web"


def test_an_extra_may_ask_for_another_of_the_same_package() -> None:
    graph = edges(web="web[fast] (all)|loop (fast)")
    assert reached(graph, "web[all]") == "loop web"
    assert reached(graph, "web") == "web"


def test_an_extra_that_is_asked_for_later_is_followed_too() -> None:
    graph = edges(app="web|tool", tool="web[fast]", web="loop (fast)")
    assert reached(graph, "app") == "app loop tool web"


def test_a_marker_that_does_not_hold_is_no_edge() -> None:
    graph = edges(app="a; win|b; linux")
    assert set(reach(graph, asked("app"), lambda marker: marker == "linux")) == {"app", "b"}
    assert set(reach(graph, asked("app"))) == {"app", "a", "b"}


def test_the_way_is_a_shortest_one() -> None:
    graph = edges(app="a|c", a="b", b="target", c="target", target="deep")
    parents = reach(graph, asked("app"))
    assert way_to(PackageName("deep"), parents) == ("app", "c", "target", "deep")
    assert way_to(PackageName("app"), parents) == ("app",)
    assert way_to(PackageName("nowhere"), parents) == ()


def test_what_is_asked_for_twice_has_the_shorter_way() -> None:
    graph = edges(app="a", a="b", b="")
    parents = reach(graph, asked("app", "b"))
    assert way_to(PackageName("b"), parents) == ("b",)


def test_all_ways_come_shortest_first() -> None:
    graph = edges(app="a|b", a="b|target", b="target", target="")
    ways = list(all_ways(graph, asked("app"), PackageName("target")))
    assert ways == [
        ("app", "a", "target"),
        ("app", "b", "target"),
        ("app", "a", "b", "target"),
    ]


def test_no_way_repeats_a_package() -> None:
    graph = edges(app="a", a="b", b="a|target", target="a")
    ways = list(all_ways(graph, asked("app"), PackageName("target")))
    assert ways == [("app", "a", "b", "target")]


@pytest.mark.parametrize("target", ["nowhere", "lonely"])
def test_what_is_not_reached_has_no_way(target: str) -> None:
    assert not list(all_ways(edges(app="a", lonely="a"), asked("app"), PackageName(target)))


def test_ways_can_be_taken_from_a_graph_that_has_too_many() -> None:
    layers = 30
    graph = {
        PackageName(f"{letter}{layer}"): (need(f"a{layer + 1}"), need(f"b{layer + 1}"))
        for layer in range(layers)
        for letter in "ab"
    }
    ways = islice(all_ways(graph, asked("a0", "b0"), PackageName(f"a{layers}")), 50)
    assert len(set(ways)) == 50
