"""What a license file is about: the package, a part of it, or something else."""

from __future__ import annotations

import re
from typing import Literal

from adhere.licenses._spdx import LICENSES

Role = Literal["main", "notice", "part", "other"]
"""``main`` speaks of the whole package. ``notice`` attributes. ``part`` speaks of code that
is bundled. ``other`` (authors, history, readme) says little about a license."""

_FOLDER = re.compile(r"^(?:licenses|license_files)/")
_OTHER = re.compile(
    r"(?:authors?|contributors?|contributing|credits|maintainers|thanks|acknowledge?ments?"
    r"|change(?:s|log)?|history|news|releases?|readme|read_me|code[_-]of[_-]conduct|security"
    r"|governance|citation|install|todo|faq|support|version|pyproject|setup)"
    r"(?:[._-].*)?",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"notices?(?:[._-].*)?", re.IGNORECASE)
_BUNDLED = re.compile(
    r".*(?:third[_-]?part|3rd[_-]?part|vendor|bundled|external|dependenc|attribution).*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.(?:txt|md|rst|html?|rtf)$", re.IGNORECASE)


def role(path: str) -> Role:
    """What the license file at this path, inside the metadata folder, is about."""
    parts = _FOLDER.sub("", path.replace("\\", "/")).split("/")
    name = parts[-1]
    if _OTHER.fullmatch(name):
        return "other"
    if any(_BUNDLED.fullmatch(part) for part in parts):
        return "part"
    if len(parts) == 2 and parts[0] == "LICENSES" and _SUFFIX.sub("", name).lower() in LICENSES:
        # The REUSE specification keeps a project's own licenses there, by identifier.
        return "main"
    if len(parts) > 1:
        return "part"
    return "notice" if _NOTICE.fullmatch(name) else "main"
