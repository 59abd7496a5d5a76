"""The notices of third parties: every package that ships, its license, and the texts of it.

No package is left out: where a text is not to be had, its entry says so and why. Texts are
indented, so that nothing in one can be taken for the heading of a package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from adhere.policy.scope import DEV_FREE, Scope
from adhere.report.bill import bill_of, is_settled, web_links, words
from adhere.report.document import License, Report, ReportPackage
from adhere.report.escape import plain
from adhere.report.summary import count

Key = tuple[str, str]
"""Name and version of a package."""

RULE = "=" * 78

_HOMES = ("homepage", "home", "home page", "source", "repository", "source code")
_TAB = 8


class Held(Struct, frozen=True):
    """What is at hand of one package.

    Attributes:
        files: name and digest of every text, in the order in which they are shown.
        lacking: texts that were not to be had, and why, as clauses.
    """

    files: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()


class Notices(Struct, frozen=True):
    """The document, and what it lacks.

    Attributes:
        text: the whole document.
        packages: how many are listed.
        lacking: a clause for everything that should be in it and is not.
    """

    text: str
    packages: int
    lacking: tuple[str, ...]


def ships(package: ReportPackage) -> bool:
    """Whether whoever installs the project may get the package with it."""
    if package.first_party or package.elsewhere:
        return False
    return Scope(DEV_FREE).admits(package.groups)


def notices(report: Report, held: Mapping[Key, Held], texts: Mapping[str, str]) -> Notices:
    """The document for a report.

    Args:
        report: whose packages are listed.
        held: what is at hand of every one that ships.
        texts: by digest.
    """
    listed = [package for package in report.packages if ships(package)]
    lost = [f for f in report.completeness.faults if not f.kept]
    lacking = [
        *(f"{words(fault.subject, 100)}: it could not be read" for fault in lost),
        *(clause for package in listed for clause in _lacks(package, held)),
    ]
    lines = [*_head(report, listed, held), *_unread(report)]
    shown: dict[str, str] = {}
    for package in listed:
        lines += _entry(package, held[_key(package)], texts, shown)
    return Notices("\n".join(lines) + "\n", len(listed), tuple(lacking))


def _key(package: ReportPackage) -> Key:
    return package.name, package.version


def _called(package: ReportPackage) -> str:
    return words(f"{package.name} {package.version}".strip(), 200)


def _lacks(package: ReportPackage, held: Mapping[Key, Held]) -> Iterator[str]:
    if not is_settled(package.license):
        yield f"{_called(package)}: its license is not known ({package.license.state})"
    for clause in held[_key(package)].lacking:
        yield f"{_called(package)}: {clause}"


def _head(report: Report, listed: list[ReportPackage], held: Mapping[Key, Held]) -> Iterator[str]:
    bill = bill_of(report)
    yield f"Third-party notices of {words(f'{bill.name} {bill.version}'.strip(), 200)}"
    yield ""
    yield f"It comes with {count(len(listed), 'package')} of others. Each is listed with its license,"
    yield "and with the license files that it brings, indented."
    incomplete = sum(bool(held[_key(package)].lacking) for package in listed)
    unknown = sum(not is_settled(package.license) for package in listed)
    if incomplete:
        yield f"Of {incomplete}, a license text was not to be had; the entry says why."
    if unknown:
        yield f"Of {unknown}, the license is not known for sure; the entry says what it may be."
    apart = list(_apart(report))
    if apart:
        yield f"Not listed: {'; '.join(apart)}."


def _apart(report: Report) -> Iterator[str]:
    """Packages that are no part of what ships, by why."""
    rest = [package for package in report.packages if not ships(package)]
    own = sum(package.first_party for package in rest)
    elsewhere = sum(package.elsewhere and not package.first_party for package in rest)
    if own:
        yield f"{own} of the project itself"
    if elsewhere:
        yield f"{elsewhere} for other environments than the one that was judged"
    if left := len(rest) - own - elsewhere:
        yield f"{left} for development alone"
    if report.completeness.out_of_scope:
        groups = words(", ".join(report.subject.scope), 200)
        yield f"{report.completeness.out_of_scope} outside of the groups {groups}"


def _unread(report: Report) -> Iterator[str]:
    """What may be a package that ships, and could not be read."""
    for fault in report.completeness.faults:
        if not fault.kept:
            yield from ("", RULE, words(fault.subject, 200))
            yield f"It could not be read: {words(fault.reason)}"


def _entry(
    package: ReportPackage, held: Held, texts: Mapping[str, str], shown: dict[str, str]
) -> Iterator[str]:
    """One package; a text that stands above is named, and not told again."""
    yield from ("", RULE, _called(package))
    yield f"License: {_license(package.license)}"
    links = {label.lower(): address for label, address in reversed(list(web_links(package)))}
    home = next((links[label] for label in _HOMES if label in links), "")
    if home:
        yield f"Home: {home}"
    for clause in held.lacking:
        yield f"Without a text: {clause}"
    for name, digest in held.files:
        yield ""
        called = words(name, 300)
        if digest in shown:
            yield f"{called}: the same text as {shown[digest]}"
            continue
        shown[digest] = f"{called} of {_called(package)}"
        yield f"{called}:"
        yield ""
        yield _indented(texts[digest])


def _license(license_: License) -> str:
    if is_settled(license_):
        return words(license_.expression)
    may = ", ".join(dict.fromkeys(filter(None, (license_.expression, *license_.candidates))))
    if may:
        return words(f"not known for sure ({license_.state}); it may be {may}")
    return f"not known ({words(license_.why) or license_.state})"


def _indented(text: str) -> str:
    """A text, blank lines at its ends left out, controls shown as escapes."""
    lines = text.splitlines()
    if not "".join(lines).isprintable():  # nothing but tabs, nearly always
        lines = [plain(line.expandtabs(_TAB)) for line in lines]
    whole = "\n".join(lines).rstrip().lstrip("\n")
    return "    " + whole.replace("\n", "\n    ").replace("\n    \n", "\n\n")
