"""What a published report does not tell of the network and the machine that it was made on."""

from __future__ import annotations

import re
from collections.abc import Collection

HOST = b"private-host"
"""What stands in place of a name that only a network of somebody's own knows."""

USER = b"user"
"""What stands in place of somebody's name in a path."""

_PRIVATE = re.compile(
    rb"""(?<=://)
    (?:[^/\s"@]*@)?                                        # nobody's name or password either
    (?:
        [A-Za-z0-9_-]+ (?![A-Za-z0-9_.-])                  # without a dot
      | [A-Za-z0-9_.-]+ \. (?:local|localdomain|lan|internal|intranet|corp|private|home\.arpa)
        (?![A-Za-z0-9_.-])
      | (?:10|127) (?:\.\d{1,3}){3}
      | 192\.168 (?:\.\d{1,3}){2}
      | 169\.254 (?:\.\d{1,3}){2}
      | 172\.(?:1[6-9]|2\d|3[01]) (?:\.\d{1,3}){2}
      | \[[0-9A-Fa-f:.]+\]
    )
    (?::\d+)?""",
    re.VERBOSE,
)
"""Hosts by their form: without a dot, of a domain that is no public one, of private addresses."""

_HOME = re.compile(rb"""((?:/|\\\\|^|")(?:home|Users)(?:/|\\\\))[^/"\s\\]+""")
"""Folders of people; a backslash is written as two in JSON."""


def redacted(data: bytes, what: Collection[str]) -> bytes:
    """An encoded report without names of a network or a machine.

    Args:
        data: JSON.
        what: ``hostnames``, ``usernames``, or both; ``paths`` is for who makes the report.
    """
    if "hostnames" in what:
        data = _PRIVATE.sub(HOST, data)
    if "usernames" in what:
        data = _HOME.sub(rb"\1" + USER, data)
    return data
