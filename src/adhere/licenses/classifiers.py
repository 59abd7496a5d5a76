"""``License ::`` classifiers of the package index, read.

The table covers the whole list (package ``trove-classifiers``), the deprecated ones too.
A classifier names a license, a family of licenses, or nothing that the SPDX list has. Two
classifiers do not say AND or OR, so they only ever make candidates.
"""

from __future__ import annotations

from collections.abc import Sequence

from adhere.licenses.families import Family, family_named
from adhere.licenses.interpretation import ALIAS, Interpretation

VERSION = "2026.1"
"""Part of every key under which something derived from this table is cached."""

UNOFFICIAL = 0.75
"""Confidence of a classifier that the package index would refuse."""

_PREFIX = "License :: "
_OSI = "OSI Approved :: "

IGNORED = frozenset({"OSI Approved", "DFSG approved"})
"""They praise a license without naming one."""

RESERVED = frozenset(
    {
        "Other/Proprietary License",
        "Free For Educational Use",
        "Free For Home Use",
        "Free To Use But Restricted",
        "Free for non-commercial use",
        "Freeware",
    }
)
"""They say that no listed license is meant."""

UNLISTED = frozenset(
    {
        "Freely Distributable",
        "GUST Font License 1.0",
        "GUST Font License 2006-09-30",
        "Repoze Public License",
        "Jabber Open Source License",
        "MITRE Collaborative Virtual Workspace License (CVW)",
    }
)
"""They name something that the SPDX list does not have."""

FAMILIES: dict[str, str] = {
    "Academic Free License (AFL)": "AFL",
    "Apache Software License": "Apache",
    "Apple Public Source License": "APSL",
    "Artistic License": "Artistic",
    "BSD License": "BSD",
    "Eiffel Forum License": "EFL",
    "Eiffel Forum License (EFL)": "EFL",
    "GNU Free Documentation License (FDL)": "GFDL",
    "GNU General Public License (GPL)": "GPL",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "Netscape Public License (NPL)": "NPL",
    "Public Domain": "public domain",
    "W3C License": "W3C",
    "Zope Public License": "ZPL",
}

LICENSES: dict[str, str] = {
    "Aladdin Free Public License (AFPL)": "Aladdin",
    "Attribution Assurance License": "AAL",
    "Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
    "CMU License (MIT-CMU)": "MIT-CMU",
    "CeCILL-B Free Software License Agreement (CECILL-B)": "CECILL-B",
    "CeCILL-C Free Software License Agreement (CECILL-C)": "CECILL-C",
    "Common Development and Distribution License 1.0 (CDDL-1.0)": "CDDL-1.0",
    "Common Public License": "CPL-1.0",
    "Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
    "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    "Educational Community License, Version 2.0 (ECL-2.0)": "ECL-2.0",
    "European Union Public Licence 1.0 (EUPL 1.0)": "EUPL-1.0",
    "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "IBM Public License": "IPL-1.0",
    "ISC License (ISCL)": "ISC",
    "Intel Open Source License": "Intel",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "MirOS License (MirOS)": "MirOS",
    "Motosoto License": "Motosoto",
    "Mozilla Public License 1.0 (MPL)": "MPL-1.0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0",
    "NASA Open Source Agreement v1.3 (NASA-1.3)": "NASA-1.3",
    "Nethack General Public License": "NGPL",
    "Nokia Open Source License": "Nokia",
    "Nokia Open Source License (NOKOS)": "Nokia",
    "Open Group Test Suite License": "OGTSL",
    "Open Software License 3.0 (OSL-3.0)": "OSL-3.0",
    "PostgreSQL License": "PostgreSQL",
    "Python License (CNRI Python License)": "CNRI-Python",
    "Python Software Foundation License": "PSF-2.0",
    "Qt Public License (QPL)": "QPL-1.0",
    "Ricoh Source Code Public License": "RSCPL",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "Sleepycat License": "Sleepycat",
    "Sun Industry Standards Source License (SISSL)": "SISSL",
    "Sun Public License": "SPL-1.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Universal Permissive License (UPL)": "UPL-1.0",
    "University of Illinois/NCSA Open Source License": "NCSA",
    "Vovida Software License 1.0": "VSL-1.0",
    "X.Net License": "Xnet",
    "Zero-Clause BSD (0BSD)": "0BSD",
    "zlib/libpng License": "Zlib",
}

_GNU = ("GPL-", "LGPL-", "AGPL-")


def interpret_classifiers(classifiers: Sequence[str]) -> Interpretation:
    """Read all license classifiers of a package.

    Candidates are given only when every classifier was understood: they are then everything
    that the package may be under, in one combination or another.
    """
    names = [_name(classifier) for classifier in classifiers]
    names = [name for name in dict.fromkeys(names) if name and name not in IGNORED]
    if not names:
        return Interpretation(note="no classifier names a license")
    if reserved := [name for name in names if name in RESERVED]:
        note = f"`{min(reserved)}` is not a license of the SPDX list"
        return Interpretation(sense="reserved", note=note)
    if unread := [name for name in names if name not in LICENSES and name not in FAMILIES]:
        if len(names) == 1 and (found := _unofficial(unread[0])):
            return found
        first = min(unread)
        why = "is not in the SPDX list" if first in UNLISTED else "is no classifier"
        return Interpretation(sense="unread", note=f"`{first[:100]}` {why}")
    exact = tuple(dict.fromkeys(LICENSES[name] for name in names if name in LICENSES))
    families = _left_open(names, exact)
    if len(exact) == 1 and not families:
        return _one(exact[0])
    if len(families) == 1 and not exact:
        return _family(families[0])
    return _several(exact, families)


def _name(classifier: str) -> str:
    name = classifier.strip()
    if not name.startswith(_PREFIX):
        return "" if name == _PREFIX.strip(" :") else name
    return name.removeprefix(_PREFIX).removeprefix(_OSI).strip()


def exact_parts(classifiers: Sequence[str]) -> list[str]:
    """The licenses that classifiers name exactly; those that name a family are left out."""
    names = dict.fromkeys(_name(classifier) for classifier in classifiers)
    return [LICENSES[name] for name in names if name in LICENSES]


def parts(classifiers: Sequence[str]) -> tuple[str | Family, ...]:
    """What each classifier that names a license or a family stands for."""
    names = dict.fromkeys(_name(classifier) for classifier in classifiers)
    found: list[str | Family] = []
    for name in names:
        if name in LICENSES:
            found.append(LICENSES[name])
        elif name in FAMILIES:
            found.append(family_named(FAMILIES[name]))
    return tuple(found)


def _unofficial(name: str) -> Interpretation | None:
    """A classifier that the index does not know but whose last part is a license name."""
    if name in UNLISTED:
        return None
    from adhere.licenses.names import look_up  # a warm check reads classifiers without it

    known = look_up(name.rpartition(" :: ")[2][:200])
    if known is None or known.sense != "license":
        return None
    note = "not a classifier of the package index, but the name of a license"
    return Interpretation(known.expression, known.candidates, UNOFFICIAL, note, "license")


def _left_open(names: list[str], exact: tuple[str, ...]) -> tuple[Family, ...]:
    """Families of which no exact classifier says which license is meant."""
    named = dict.fromkeys(FAMILIES[name] for name in names if name in FAMILIES)
    found = [family_named(name) for name in named]
    return tuple(family for family in found if not any(family.has(item) for item in exact))


def _one(identifier: str) -> Interpretation:
    if identifier.startswith(_GNU) and identifier.endswith("-only"):
        later = f"{identifier.removesuffix('-only')}-or-later"
        note = 'the classifier does not say "or later"'
        return Interpretation(identifier, (identifier, later), 0.9, note, "license")
    return Interpretation(identifier, (), ALIAS, "the classifier names one license", "license")


def _family(family: Family) -> Interpretation:
    note = f"the classifier `{family.name}` does not say which of its licenses is meant"
    return Interpretation("", family.candidates, 0.3, note, "open", family.name)


def _several(exact: tuple[str, ...], families: tuple[Family, ...]) -> Interpretation:
    found = set(exact)
    for family in families:
        if not family.candidates:
            note = f"several classifiers, and `{family.name}` is no license"
            return Interpretation(sense="unread", note=note)
        found.update(family.candidates)
    note = "several classifiers do not say AND or OR"
    return Interpretation("", tuple(sorted(found)), 0.4, note, "open")
