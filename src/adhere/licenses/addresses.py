"""Addresses that publishers gave their licenses.

Only the address of a license as such says which license is meant. The address of a file
in somebody's repository says nothing until that file is read.
"""

from __future__ import annotations

import re

from adhere.licenses._spdx import LICENSES, REPLACED
from adhere.licenses.families import families
from adhere.licenses.names import IDENTIFIER, Name, bare_gnu, by_key

ADDRESS = re.compile(r"[<(\[]*\b(?:https?://|www\.)[^\s<>()\[\]\"'`]{1,300}[>)\]]*", re.IGNORECASE)

_NAMED = re.compile(
    r"(?:opensource\.org/licenses?|spdx\.org/licenses|choosealicense\.com/licenses"
    r"|tldrlegal\.com/license)/(?P<name>[\w.+-]+)"
)
_GNU = re.compile(
    r"gnu\.org/(?:licenses|copyleft)/(?:old-licenses/)?(?P<family>[al]?gpl|fdl)"
    r"(?:-(?P<version>\d(?:\.\d)?))?(?:\.0)?(?:-standalone)?"
)
_CC = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)"
    r"|publicdomain/(?P<zero>zero)/1\.0)(?:/\w{2,20})*"
)

# Addresses that say it all, without scheme, "www." and what a server adds to a name.
_FIXED: dict[str, str] = {
    "apache.org/licenses/license-2.0": "Apache-2.0",
    "apache.org/licenses/license-1.1": "Apache-1.1",
    "apache.org/licenses/license-1.0": "Apache-1.0",
    "mozilla.org/mpl/2.0": "MPL-2.0",
    "mozilla.org/en-us/mpl/2.0": "MPL-2.0",
    "mozilla.org/mpl/1.1": "MPL-1.1",
    "mozilla.org/mpl/mpl-1.1": "MPL-1.1",
    "mit-license.org": "MIT",
    "unlicense.org": "Unlicense",
    "wtfpl.net": "WTFPL",
    "boost.org/license_1_0": "BSL-1.0",
    "eclipse.org/legal/epl-v10": "EPL-1.0",
    "eclipse.org/legal/epl-v20": "EPL-2.0",
    "eclipse.org/legal/epl-2.0": "EPL-2.0",
    "eclipse.org/org/documents/epl-v10": "EPL-1.0",
    "opendatacommons.org/licenses/odbl/1.0": "ODbL-1.0",
    "mariadb.com/bsl11": "BUSL-1.1",
    "elastic.co/licensing/elastic-license": "Elastic-2.0",
    "polyformproject.org/licenses/noncommercial/1.0.0": "PolyForm-Noncommercial-1.0.0",
    "blueoakcouncil.org/license/1.0.0": "BlueOak-1.0.0",
    "scripts.sil.org/ofl": "OFL-1.1",
    "openfontlicense.org": "OFL-1.1",
    "license.coscl.org.cn/mulanpsl2": "MulanPSL-2.0",
    "license.coscl.org.cn/mulanpsl": "MulanPSL-1.0",
    "zlib.net/zlib_license": "Zlib",
    "python.org/psf/license": "PSF-2.0",
    "repository.jboss.org/licenses/lgpl-2.1": "LGPL-2.1",
}

# What the pages of the Open Source Initiative were called before they had identifiers.
_OLD_PAGES: dict[str, str] = {
    "mit-license": "mit",
    "bsd-license": "bsd",
    "isc-license": "isc",
    "apache2.0": "apache 2.0",
    "apachepl-1.1": "apache 1.1",
    "artistic-license": "artistic",
    "artistic-license-2.0": "artistic 2.0",
    "zlib-license": "zlib",
    "gpl-license": "gpl",
    "lgpl-license": "lgpl",
    "w3c": "w 3 c",
    "pythonfoundation": "psf",
    "python": "python",
    "simplified-bsd": "simplified bsd",
    "new-bsd": "new bsd",
}
_TAIL = re.compile(r"(?:\.(?:php|html?|txt|md|json|rst|en))+$|/+$")


def by_address(address: str) -> Name | None:
    """The license that an address stands for; ``None`` when it stands for none."""
    path = address.strip("<>()[]").rstrip(".,;:!").lower()
    path = re.sub(r"^(?:https?://)?(?:www\.)?", "", path).split("#")[0].split("?")[0]
    path = _TAIL.sub("", _TAIL.sub("", path))
    note = "the address of that license"
    if (fixed := _FIXED.get(path)) is not None:
        return _license(fixed, note)
    if match := _NAMED.fullmatch(path):
        return _page(match["name"], note)
    if match := _GNU.fullmatch(path):
        return _gnu(match["family"], match["version"] or "")
    if match := _CC.fullmatch(path):
        kind = f"CC-{match['kind'].upper()}-{match['version']}" if match["kind"] else "CC0-1.0"
        return _license(kind, note) if kind.lower() in LICENSES else None
    return None


def _page(name: str, note: str) -> Name | None:
    row = LICENSES.get(name)
    if row is not None and name not in families():
        return _license(row[0], note)
    return by_key(_OLD_PAGES.get(name, name.replace("-", " ")))


def _gnu(family: str, version: str) -> Name | None:
    words = "gfdl" if family == "fdl" else family
    return by_key(f"{words} {version}".strip())


def _license(identifier: str, note: str) -> Name:
    modern = REPLACED.get(identifier, identifier)
    later = f"{identifier}-or-later"
    if modern == f"{identifier}-only" and later.lower() in LICENSES:
        return bare_gnu(modern, later)
    return Name("license", modern, confidence=IDENTIFIER, note=note)
