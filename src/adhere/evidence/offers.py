"""Metadata of a version that one index or several offer, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from packaging.version import InvalidVersion
from packaging.version import Version as Ordered

from adhere.evidence.fetch import Answers, Fetch, Fetched
from adhere.evidence.versions import Version, read_answer
from adhere.evidence.wire.pypi import MetadataLink, from_stored
from adhere.model.finding import Missing
from adhere.model.metadata import Metadata
from adhere.model.package import Declared


class Offer(Struct, frozen=True):
    """Where metadata is.

    Attributes:
        label: of the index.
        version: as the index has it.
        sure: it surely is of the files that are meant.
    """

    label: str
    version: Version
    sure: bool


def link_in(answer: Fetched, version: str) -> MetadataLink | None:
    """Where an index has the metadata of a version, if it has the version and tells.

    Raises:
        Garbage: it is no stored page.
    """
    if not answer.found:
        return None
    links = from_stored(answer.body).metadata
    wanted = ordered(version)
    return next((link for link in links if ordered(link.version) == wanted), None)


def ordered(version: str) -> Ordered | str:
    """What all spellings of a version have in common."""
    try:
        return Ordered(version)
    except InvalidVersion:
        return version


def agreed(
    offers: Sequence[Offer], fetches: Mapping[Version, Fetch], heads: Answers
) -> Declared | Missing:
    """What all of them say."""
    told: list[Declared] = []
    for offer in offers:
        metadata = read_answer(heads[fetches[offer.version]])
        if isinstance(metadata, Missing):
            return Missing(f"{offer.label}: {metadata.reason}", metadata.hint)
        told.append(_declared(metadata, offer))
    first = told[0]
    if any(_words(other) != _words(first) for other in told):
        return Missing(f"{' and '.join(offer.label for offer in offers)} differ about its license")
    return first


def _declared(metadata: Metadata, offer: Offer) -> Declared:
    digest = offer.version.link.sha256
    return Declared(
        expression=metadata.expression,
        text=metadata.license,
        classifiers=metadata.classifiers,
        digest=f"sha256:{digest}" if digest else "",
        document=f"METADATA of {offer.label}",
    )


def _words(declared: Declared) -> Declared:
    return msgspec.structs.replace(declared, digest="", document="")
