"""Facts about well-known packages whose own metadata leaves their license open.

They never overrule evidence: they are asked only when everything a package brings along
leaves the license open, and a fact outside the family that the package names is not used.
Each row holds for exactly the release it was read from, and says where.
"""

from __future__ import annotations

from adhere.licenses.evidence import Voice
from adhere.model.claim import Claim

VERSION = "2026.2"
"""Part of every key under which something derived from these facts is cached."""

CONFIDENCE = 0.8

# name: ((version specifier, expression, where it can be read), ...)
CURATED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "anyjson": (("==0.3.3", "BSD-3-Clause", "LICENSE of anyjson-0.3.3.tar.gz"),),
    "enum34": (("==1.1.10", "BSD-3-Clause", "enum/LICENSE of enum34-1.1.10.tar.gz"),),
    "funcsigs": (("==1.0.2", "Apache-2.0", "LICENSE of funcsigs-1.0.2.tar.gz"),),
    "ply": (("==3.11", "BSD-3-Clause", "the head of ply/lex.py, also installed"),),
    "pyautogui": (("==0.9.54", "BSD-3-Clause", "LICENSE.txt of PyAutoGUI-0.9.54.tar.gz"),),
    "pydispatcher": (("==2.0.7", "BSD-3-Clause", "license.txt of PyDispatcher-2.0.7.tar.gz"),),
    "pygithub": (("==2.10.0", "LGPL-3.0-or-later", "the heads of github/*.py, also installed"),),
    "pyreadline": (("==2.1", "BSD-3-Clause", "doc/COPYING of pyreadline-2.1.zip"),),
    "pyrect": (("==0.2.0", "BSD-3-Clause", "LICENSE.txt of PyRect-0.2.0.tar.gz"),),
    "pyserial": (("==3.5", "BSD-3-Clause", "LICENSE.txt of pyserial-3.5.tar.gz"),),
    "sphinxcontrib-applehelp": (
        ("==2.0.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_applehelp-2.0.0.tar.gz"),
    ),
    "sphinxcontrib-devhelp": (
        ("==2.0.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_devhelp-2.0.0.tar.gz"),
    ),
    "sphinxcontrib-htmlhelp": (
        ("==2.1.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_htmlhelp-2.1.0.tar.gz"),
    ),
    "sphinxcontrib-jquery": (("==4.1", "0BSD", "LICENCE of sphinxcontrib-jquery-4.1.tar.gz"),),
    "sphinxcontrib-jsmath": (
        ("==1.0.1", "BSD-2-Clause", "LICENSE of sphinxcontrib-jsmath-1.0.1.tar.gz"),
    ),
    "sphinxcontrib-qthelp": (
        ("==2.0.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_qthelp-2.0.0.tar.gz"),
    ),
    "sphinxcontrib-serializinghtml": (
        ("==2.0.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_serializinghtml-2.0.0.tar.gz"),
    ),
    "sphinxcontrib-websupport": (
        ("==2.0.0", "BSD-2-Clause", "LICENCE.rst of sphinxcontrib_websupport-2.0.0.tar.gz"),
    ),
    "theano": (("==1.0.5", "BSD-3-Clause", "LICENSE.txt of Theano-1.0.5.tar.gz"),),
    "tokenizers": (("==0.23.3", "Apache-2.0", "tokenizers/LICENSE of tokenizers-0.23.3.tar.gz"),),
}


def curated_fact(name: str, version: str) -> Voice | None:
    """What is known about a package in one version, ``None`` for nothing."""
    for specifier, expression, where in CURATED.get(name, ()):
        if _within(version, specifier):
            claim = Claim(
                kind="curated",
                document="the built-in list",
                raw=where,
                expression=expression,
                confidence=CONFIDENCE,
                note=f"read in {where}",
            )
            return Voice(claim, "license")
    return None


def _within(version: str, specifier: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False
