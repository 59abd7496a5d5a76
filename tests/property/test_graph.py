"""Reachability and paths, held equal to the slow and obvious way on small graphs."""

from __future__ import annotations

from itertools import islice, pairwise, permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adhere.model.assemble import assemble
from adhere.model.graph import all_ways, reach, way_to
from adhere.model.names import PackageName
from adhere.model.package import Dependency
from corpus.inventories import package, reading, root

NAMES = st.sampled_from([PackageName(letter) for letter in "abcde"])
EXTRAS = st.sampled_from(["", "", "x", "y"])
ASKED = st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True).map(tuple)
EDGES = st.dictionaries(
    NAMES,
    st.lists(
        st.builds(
            Dependency,
            NAMES,
            extras=ASKED,
            extra=EXTRAS,
            marker=st.sampled_from(["", "", "no"]),
        ),
        max_size=4,
    ).map(tuple),
)
START = st.lists(st.tuples(NAMES, ASKED), max_size=3)


def holds(marker: str) -> bool:
    return marker != "no"


def closure(edges: Any, start: Any) -> set[tuple[str, str]]:
    """Packages with extras, added until nothing more is added."""
    found = {(name, extra) for name, extras in start for extra in ("", *extras)}
    while True:
        more = {
            (edge.name, extra)
            for name, own in found
            for edge in edges.get(name, ())
            if edge.extra == own and holds(edge.marker or "yes")
            for extra in ("", *edge.extras)
        }
        if more <= found:
            return found
        found |= more


@given(EDGES, START)
def test_reach_is_the_closure(edges: Any, start: Any) -> None:
    parents = reach(edges, start, holds)
    assert set(parents) == {name for name, _ in closure(edges, start)}


@given(EDGES, START)
def test_a_way_follows_edges_from_what_was_asked_for(edges: Any, start: Any) -> None:
    parents = reach(edges, start, holds)
    for name in parents:
        way = way_to(name, parents)
        assert way[0] in {asked for asked, _ in start}
        assert way[-1] == name
        for parent, child in pairwise(way):
            assert child in {edge.name for edge in edges[parent]}


@given(EDGES, START, NAMES)
def test_all_ways_are_all_of_them(edges: Any, start: Any, target: PackageName) -> None:
    """Without extras and markers, where every edge is in force."""
    plain = {name: tuple(Dependency(edge.name) for edge in needs) for name, needs in edges.items()}
    roots = {name for name, _ in start}
    expected = {
        (*middle, target)
        for size in range(5)
        for middle in permutations([n for n in "abcde" if n != target], size)
        if (middle or (target,))[0] in roots
        and all(
            child in {edge.name for edge in plain.get(parent, ())}
            for parent, child in pairwise((*middle, target))
        )
    }
    ways = list(all_ways(plain, [(name, ()) for name in roots], target))
    assert len(ways) == len(set(ways))
    assert set(ways) == expected
    assert [len(way) for way in ways] == sorted(map(len, ways))


@given(EDGES, START, NAMES)
def test_the_first_way_is_as_short_as_the_one_of_reach(
    edges: Any, start: Any, target: PackageName
) -> None:
    way = way_to(target, reach(edges, start))
    first = list(islice(all_ways(edges, start, target), 1))
    assert [len(found) for found in first] == ([len(way)] if way else [])


@given(st.permutations(range(4)), st.permutations(range(3)))
def test_an_inventory_does_not_depend_on_the_order_of_a_source(
    packages: list[int], roots: list[int]
) -> None:
    listed = [
        package("a", "1.0", "c"),
        package("b", "2.0", "c", "d"),
        package("c", "1.0", "d"),
        package("d", "1.5"),
    ]
    asked = [root("a"), root("b", group="dev"), root("d", group="extra:x")]
    first = assemble([reading(*listed, roots=tuple(asked))])
    second = assemble(
        [reading(*(listed[i] for i in packages), roots=tuple(asked[i] for i in roots))]
    )
    assert first.components == second.components
