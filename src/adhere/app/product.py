"""What ships: the project that a document is about, by its package URL."""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

from adhere.app.stored import Stored
from adhere.errors import Problem, UsageError
from adhere.model.names import canonical_name
from adhere.report.bill import bill_of
from adhere.report.openvex import package_url

_PURL = re.compile(r"pkg:[A-Za-z][A-Za-z0-9.+-]*/[!-~]+")


def product(stored: Stored, named: str = "") -> tuple[str, str]:
    """The package URL of what ships, and why there is none.

    It is what was judged, as the report has it: what the project is called by now may be the
    next release. One without a version would speak of every release.

    Args:
        stored: report and project.
        named: by the user, ``""`` for the project.

    Returns:
        The package URL and ``""``, or ``""`` and a clause.

    Raises:
        UsageError: what is named is no package URL.
    """
    if named:
        if _PURL.fullmatch(named) is None:
            hint = "such as pkg:pypi/shop@1.4.0, or pkg:oci/shop@sha256:..."
            raise UsageError(Problem("usage", f"`{named}` is no package URL", hint=hint))
        return named, ""
    bill = bill_of(stored.report)
    try:
        Version(bill.version)
    except InvalidVersion:
        why = "no source of the report tells the version of the project"
        return "", f"{why}: each package is named as a product; --product names what ships"
    return package_url(canonical_name(bill.name), bill.version), ""
