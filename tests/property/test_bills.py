"""What adhere writes as a bill of materials it reads as the same packages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adhere.licenses._spdx import EXCEPTIONS, LICENSES
from adhere.licenses.evidence import stated_voice
from adhere.licenses.expression import And, Expression, Id, Or, With, join, parse, render
from adhere.model.assemble import assemble
from adhere.model.dependencies import dependencies_of_each
from adhere.model.inventory import Reading
from adhere.model.package import Declared
from adhere.report.cyclonedx import cyclonedx
from adhere.report.document import Evidence, License, PackageOrigin, Report, ReportPackage
from adhere.report.spdx import spdx
from adhere.report.spdx3 import spdx3
from adhere.sources import cyclonedx as cyclonedx_reader
from adhere.sources import spdx as spdx_reader
from corpus.reports import everything, package

FORMATS: dict[str, tuple[Callable[[Report], str], Callable[[Path, str], Reading]]] = {
    "cyclonedx": (cyclonedx, cyclonedx_reader.read),
    "spdx": (spdx, spdx_reader.read),
    "spdx3": (spdx3, spdx_reader.read),
}
NAMES = ("a", "b-c", "d2", "zope-interface", "shop-tools")
VERSIONS = st.sampled_from(["1.0", "1!2.0", "1.0+cpu.1", "2.0rc1", "0.1.dev3", ""])
ORIGINS = st.sampled_from(
    [
        PackageOrigin("index", "https://index.example.org/simple"),
        PackageOrigin("vcs", "https://x.example/a.git", "f" * 40, "f" * 40),
        PackageOrigin("url", "https://x.example/a-1.0.tar.gz"),
    ]
)


def _current(name: str) -> bool:
    return render(parse(name)) == name


LEAVES = st.one_of(
    st.sampled_from([row[0] for row in LICENSES.values() if _current(row[0])]).map(Id),
    st.sampled_from(["LicenseRef-Acme", "LicenseRef-scancode-unknown"]).map(Id),
    st.builds(
        With,
        st.sampled_from(["GPL-2.0-only", "Apache-2.0"]).map(Id),
        st.sampled_from([name for name in EXCEPTIONS.values() if "-exception" in name]),
    ),
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        join, st.sampled_from([And, Or]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=4,
)


@st.composite
def licenses(draw: st.DrawFn) -> License:
    expression = render(draw(EXPRESSIONS))
    state = draw(st.sampled_from(["concluded", "clarified", "conflicting", "unknown"]))
    said = Evidence("license-expression", "METADATA", "decides", "", "", expression)
    return License(state, "" if state == "unknown" else expression, 0.9, (said,))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Packages that need one another, the first of them asked for by name."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    listed = [(name, version) for name in names for version in draw(_versions())]
    listed[0] = (names[0], listed[0][1] or "1.0")  # a document of nothing but names is not read
    several = {name for name in names if sum(n == name for n, _ in listed) > 1}
    calls = [f"{n}=={v}" if n in several else n for n, v in listed]
    direct = {name: draw(st.booleans()) for name in names} | {names[0]: True}
    packages: list[ReportPackage] = []
    for name, version in listed:
        wanted = draw(st.lists(st.sampled_from(calls), unique=True, max_size=4))
        packages.append(
            package(
                name,
                draw(licenses()),
                version=version,
                direct=direct[name],
                groups=draw(st.sampled_from([("runtime",), ("dev",), ("extra:x", "test")])),
                origin=draw(ORIGINS),
                elsewhere=draw(st.booleans()),
                requires=tuple(sorted(w for w in wanted if w.partition("==")[0] != name)),
            )
        )
    return msgspec.structs.replace(everything(), packages=tuple(packages), findings=())


def _versions() -> st.SearchStrategy[list[str]]:
    one = VERSIONS.map(lambda version: [version])
    return one | st.lists(VERSIONS.filter(bool), min_size=2, max_size=2, unique=True)


def read_back(report: Report, name: str) -> Reading:
    write, read = FORMATS[name]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bom.json"
        path.write_text(write(report), "utf-8")
        return read(path, "bom.json")


def expression_of(declared: Declared | None) -> str:
    voice = stated_voice(declared) if declared is not None else None
    return voice.claim.expression if voice is not None else ""


def of_report(report: Report) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (one.name, one.version): {
            "direct": one.direct,
            "license": one.license.expression
            if one.license.state in ("concluded", "clarified")
            else "",
            "requires": {need.partition("==")[0] for need in one.requires},
            # Of a package without a version, the formats have no word for where it is from.
            "origin": one.version and (one.origin.kind, one.origin.url, one.origin.commit),
        }
        for one in report.packages
    }


def of_reading(reading: Reading) -> dict[tuple[str, str], dict[str, Any]]:
    inventory = assemble([reading])
    needs = dependencies_of_each(inventory)
    return {
        (one.name, one.version): {
            "direct": one.direct,
            "license": expression_of(one.declared),
            "requires": {
                need.partition("==")[0] for need in needs.get((one.name, one.version), ())
            },
            # Of a package without a version, the formats have no word for where it is from.
            "origin": one.version and (one.origin.kind, one.origin.url, one.origin.commit),
        }
        for one in inventory.components
    }


@pytest.mark.parametrize("name", FORMATS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_as_the_same(name: str, data: st.DataObject) -> None:
    report = data.draw(reports())
    reading = read_back(report, name)
    assert reading.faults == ()
    assert of_reading(reading) == of_report(report)


@pytest.mark.parametrize("name", FORMATS)
def test_the_project_is_what_the_document_is_about(name: str) -> None:
    packages = (
        package("shop", first_party=True, direct=False, requires=("alpha",)),
        package("alpha", direct=False),
    )
    reading = read_back(msgspec.structs.replace(everything(), packages=packages), name)
    assert reading.first_party == ("shop",)
    assert [root.name for root in reading.roots] == ["alpha"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_license_of_ones_own_comes_without_a_text(name: str) -> None:
    own = package("alpha", License("concluded", "MIT AND LicenseRef-Acme", 0.9, ()))
    (found,) = read_back(msgspec.structs.replace(everything(), packages=(own,)), name).packages
    assert found.declared is not None
    assert found.declared.text == ""
    assert expression_of(found.declared) == "MIT AND LicenseRef-Acme"
