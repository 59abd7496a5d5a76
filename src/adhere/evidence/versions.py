"""Core metadata of single versions, from the index, for what is not installed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from adhere.evidence.fetch import Fetch, Fetched, missing
from adhere.evidence.wire.core_metadata import LIMIT, parse_stored, read_core_metadata
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi import MetadataLink
from adhere.model.finding import Missing
from adhere.model.key import cache_key
from adhere.model.metadata import Metadata
from adhere.model.names import PackageName

KIND = "license"
_SCHEMA = "1"


class Version(Struct, frozen=True):
    """A version of a package, and where its metadata is."""

    name: PackageName
    link: MetadataLink


class Plan(Struct, frozen=True):
    """Which file is asked for which version."""

    asks: Mapping[Fetch, Version]

    def decode(self, fetch: Fetch, body: bytes) -> bytes:
        """The header block of a file.

        Raises:
            Garbage: it is none, or not that of the version.
        """
        asked = self.asks[fetch]
        return read_core_metadata(body, asked.name, asked.link.version, asked.link.sha256)


def plan_versions(wanted: Iterable[Version]) -> Plan:
    """What to ask, in this order."""
    return Plan({_fetch(version): version for version in wanted})


def _fetch(version: Version) -> Fetch:
    link = version.link
    key = cache_key(
        KIND, "metadata", _SCHEMA, link.version, link.url, link.sha256, subject=version.name
    )
    return Fetch(KIND, key, link.url, limit=LIMIT)


def read_answer(answer: Fetched | Missing) -> Metadata | Missing:
    """The fields of an answer."""
    if isinstance(answer, Missing):
        return answer
    if not answer.found:
        return missing("refused", "the index announces its metadata and does not have it")
    try:
        return parse_stored(answer.body)
    except Garbage as error:
        return missing("garbage", str(error))
