"""Our logic of markers against `packaging`, which is the reference."""

from __future__ import annotations

from importlib.metadata import version

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.version import Version

from adhere.markers import MATRIX, by_extra, holds
from adhere.markers.tree import parse, render
from adhere.sources.markers import requires_dist

# Before 26.3, packaging compares the name of an extra within parentheses as it is spelled.
_EXTRAS = ["a", "B_c" if Version(version("packaging")) >= Version("26.3") else "b-c", "d"]

_comparison = st.one_of(
    st.builds(
        "python_version {} '{}'".format,
        st.sampled_from(["<", "<=", "==", "!=", ">=", ">", "~="]),
        st.sampled_from(["3.8", "3.10", "3.12", "3.14"]),
    ),
    st.builds(
        "{} {} '{}'".format,
        st.sampled_from(["sys_platform", "os_name", "platform_system", "platform_machine"]),
        st.sampled_from(["==", "!=", "in", "not in"]),
        st.sampled_from(["win32", "linux", "nt", "posix", "Windows", "x86_64", "", "linux win32"]),
    ),
    st.builds("'{}' <= python_full_version".format, st.sampled_from(["3.9.0", "3.13.0"])),
    st.builds("extra {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(_EXTRAS)),
)
markers = st.recursive(
    _comparison,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=8,
)
environments = st.sampled_from(MATRIX)
extras = st.sampled_from(["", "a", "b-c", "d", "e"])


def expected(marker: str, where: object, extra: str) -> bool:
    return Marker(marker).evaluate({**asdict(where), "extra": extra})


@given(markers, environments, extras)
def test_holds_as_packaging_says(marker: str, where: object, extra: str) -> None:
    asked = frozenset({extra} if extra else ())
    assert holds(marker, where, asked) is expected(marker, where, extra)


@given(markers, environments, extras)
def test_rendered_means_the_same(marker: str, where: object, extra: str) -> None:
    assert expected(render(parse(marker)), where, extra) is expected(marker, where, extra)


@given(markers, environments, extras)
def test_by_extra_loses_nothing(marker: str, where: object, extra: str) -> None:
    # A consumer follows the edges under the extra it asked for, and those that always hold.
    edges = by_extra(marker)
    followed = any(holds(rest, where) for name, rest in edges if name in ("", extra))
    truth = expected(marker, where, extra)
    always = expected(marker, where, "")
    assert followed is (truth or always)


@given(markers, environments)
def test_edges_are_those_of_packaging(marker: str, where: object) -> None:
    line = f"Foo.Bar[x] (>=1.0,<2) ; {marker}"
    reference = Requirement(line)
    found = requires_dist([line], where)
    always = reference.marker.evaluate({**asdict(where), "extra": ""})
    if always:
        assert [edge.extra for edge in found] == [""]
    else:
        under = {
            name
            for name in ("a", "b-c", "d")
            if reference.marker.evaluate({**asdict(where), "extra": name})
        }
        assert {edge.extra for edge in found} == under
    assert {edge.name for edge in found} <= {"foo-bar"}


@given(st.text(max_size=200), environments)
def test_any_text_is_an_edge_or_is_told(line: str, where: object) -> None:
    broken: list[str] = []
    found = requires_dist([line], where, broken)
    assert found or broken or ";" in line
