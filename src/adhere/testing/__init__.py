"""Fake servers for tests: a package index and an OSV service, on loopback.

They are real HTTP servers in a thread of the test's own process, so that nothing of the
code under test is replaced. They answer from data that a test writes down in a few lines,
keep a log of what they were asked, and misbehave on request::

    from adhere.testing import FakeIndex, faults

    with FakeIndex({"shop": ["1.0", "1.1"]}) as index:
        index.fail(faults.Status(503), times=2)
        ...  # run something that asks index.url
        assert len(index.log) == 3

Nothing here shares code with what reads the answers, so a misreading of a standard shows.
"""

from __future__ import annotations

from adhere.testing import faults
from adhere.testing.certificates import Authority
from adhere.testing.index import FakeFile, FakeIndex, FakeProject, FakeRelease
from adhere.testing.message import Request, Response
from adhere.testing.osv import FakeOsv
from adhere.testing.pages import Offer
from adhere.testing.server import FakeServer

__all__ = [
    "Authority",
    "FakeFile",
    "FakeIndex",
    "FakeOsv",
    "FakeProject",
    "FakeRelease",
    "FakeServer",
    "Offer",
    "Request",
    "Response",
    "faults",
]
