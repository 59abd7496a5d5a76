"""Distributions of an unpacked site-packages folder, read for license tests.

Written apart from the readers of adhere, so that a test of the license layer does not
depend on them: headers by the standard library, every other file of the folder as a text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from adhere.licenses.choose import conclude
from adhere.licenses.texts import TextFacts, identify
from adhere.model.claim import Conclusion
from adhere.model.names import canonical_name
from adhere.model.package import Declared, LicenseFile

_NO_TEXTS = frozenset(
    {"METADATA", "WHEEL", "INSTALLER", "REQUESTED", "RECORD", "top_level.txt", "entry_points.txt"}
)


class Distribution(Struct, frozen=True):
    """One ``*.dist-info`` folder.

    Attributes:
        name: canonical.
        version: as the metadata writes it.
        declared: what the metadata says about the license.
        files: path inside the folder and bytes of every license file.
    """

    name: str
    version: str
    declared: Declared
    files: tuple[tuple[str, bytes], ...]

    @property
    def is_tuning(self) -> bool:
        """Whether rules and thresholds may be tuned on it: half of the names."""
        return int(sha256(self.name.encode()).hexdigest()[-1], 16) % 2 == 0

    def conclude(self, known: dict[str, TextFacts], **options: bool) -> Conclusion:
        """What our evidence comes to; texts that were seen before are not read again."""
        declared = self.declared
        if options.pop("hide_expression", False):
            declared = Declared(
                text=declared.text, classifiers=declared.classifiers, document="METADATA"
            )
        texts = []
        for path, data in self.files:
            digest = digest_of(data)
            if digest not in known:
                known[digest] = identify(data.decode("utf-8", "replace"))
            texts.append((LicenseFile(path, digest), known[digest]))
        return conclude(self.name, self.version, declared, texts, **options)


def digest_of(data: bytes) -> str:
    """``sha256:<hex>`` of a file."""
    return f"sha256:{sha256(data).hexdigest()}"


def distributions(folder: Path) -> Iterator[Distribution]:
    """Every distribution directly inside a folder; vendored ones deeper down are none."""
    for path in sorted(folder.glob("*.dist-info")):
        metadata = path / "METADATA"
        if metadata.is_file():
            yield _distribution(path, metadata.read_bytes())


def _distribution(path: Path, data: bytes) -> Distribution:
    headers = HeaderParser().parsestr(data.decode("utf-8", "replace"))
    classifiers = [item for item in headers.get_all("Classifier") or () if item[:7] == "License"]
    declared = Declared(
        expression=headers["License-Expression"] or "",
        text=headers["License"] or "",
        classifiers=tuple(classifiers),
        digest=digest_of(data),
        document="METADATA",
    )
    files = []
    for root, _, names in os.walk(path):
        for name in sorted(names):
            inside = (Path(root) / name).relative_to(path).as_posix()
            if inside not in _NO_TEXTS:
                files.append((inside, (Path(root) / name).read_bytes()))
    name = canonical_name(headers["Name"])
    return Distribution(name, headers["Version"], declared, tuple(sorted(files)))
