"""What the project is called, and which package it is, as far as a report tells."""

from __future__ import annotations

import msgspec
import pytest

from adhere.report.bill import bill_of
from adhere.report.document import PackageOrigin, Report, ReportPackage, Subject
from corpus.reports import everything, package


def about(*packages: ReportPackage, name: str = "checkout") -> Report:
    subject = msgspec.structs.replace(everything().subject, name=name, version="")
    return msgspec.structs.replace(everything(), packages=packages, subject=subject)


def ours(name: str, url: str = "", kind: str = "editable") -> ReportPackage:
    origin = PackageOrigin(kind, url)
    return package(name, version="2.0", first_party=True, direct=False, origin=origin, paths=())


@pytest.mark.parametrize(
    ("packages", "name"),
    [
        ((ours("shop", "."), ours("shop-core", "core")), "shop"),
        ((ours("shop", "app"), package("alpha", paths=(("shop", "alpha"),))), "shop"),
        ((ours("checkout", "a"), ours("shop", ".")), "checkout"),
    ],
)
def test_the_package_that_is_the_project(packages: tuple[ReportPackage, ...], name: str) -> None:
    bill = bill_of(about(*packages))
    assert bill.project is not None
    assert (bill.name, bill.version, bill.project.name) == (name, "2.0", name)
    assert name not in [part.name for part in bill.parts]


@pytest.mark.parametrize(
    "packages",
    [
        (ours("one", "a"), ours("two", "b")),
        # A package of ours from an index is one that the project uses.
        (ours("acme-core", "https://index.example.org/simple", "index"),),
    ],
)
def test_none_of_several(packages: tuple[ReportPackage, ...]) -> None:
    bill = bill_of(about(*packages))
    assert bill.project is None
    assert bill.name == "checkout"
    assert len(bill.parts) == len(packages)


@pytest.mark.parametrize(
    ("askers", "name"),
    [
        (("shop",), "shop"),
        (("requirements.txt",), "checkout"),
        (("docs/requirements.txt",), "checkout"),
        (("shop", "other"), "checkout"),
        ((), "checkout"),
    ],
)
def test_who_asks_for_packages_is_the_project(askers: tuple[str, ...], name: str) -> None:
    packages = [package("alpha", paths=())]
    packages += [package(f"p{n}", paths=((by, f"p{n}"),)) for n, by in enumerate(askers)]
    assert bill_of(about(*packages)).name == name


def test_a_subject_without_a_name_is_none_of_the_packages() -> None:
    subject = Subject("", everything().subject.today, ())
    report = msgspec.structs.replace(about(package("alpha")), subject=subject)
    assert bill_of(report).project is None
