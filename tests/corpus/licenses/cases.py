"""Packages of the synthetic corpus, read from ``cases.toml``."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from adhere.licenses.choose import conclude
from adhere.licenses.texts import TextFacts, identify
from adhere.model.claim import Conclusion
from adhere.model.package import Declared, LicenseFile

_HERE = Path(__file__).parent


class Case(Struct, frozen=True):
    """One made-up package and what has to be concluded of it."""

    id: str
    shows: str
    state: str
    name: str = "example"
    version: str = "1.0"
    expression: str = ""
    field: str = ""
    field_text: str = ""
    classifiers: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    files: dict[str, str] = {}
    is_: str = ""
    by: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def declared(self) -> Declared | None:
        text = license_text(self.field_text) if self.field_text else self.field
        if not (self.expression or text or self.classifiers or self.stated):
            return None
        return Declared(
            expression=self.expression,
            text=text,
            classifiers=tuple(f"License :: {item}" for item in self.classifiers),
            stated=self.stated,
            digest="sha256:0",
            document="METADATA",
        )

    @property
    def texts(self) -> list[tuple[LicenseFile, TextFacts]]:
        found = []
        for path, source in self.files.items():
            text = license_text(source)
            digest = f"sha256:{sha256(text.encode()).hexdigest()}"
            found.append((LicenseFile(path, digest), identify(text)))
        return found

    def conclude(self) -> Conclusion:
        return conclude(self.name, self.version, self.declared, self.texts)


def license_text(source: str) -> str:
    """A file in ``texts/``; after "=" the words themselves, "@name" including a file."""
    if not source.startswith("="):
        return (_HERE / "texts" / source).read_text("utf-8")
    lines = source.removeprefix("=").splitlines()
    return "\n".join(
        license_text(line.removeprefix("@")) if line.startswith("@") else line for line in lines
    )


def cases() -> list[Case]:
    """Every case of the corpus."""
    rows = tomllib.loads((_HERE / "cases.toml").read_text("utf-8"))["case"]
    found = []
    for row in rows:
        row["is_"] = row.pop("is", "")
        for key in ("classifiers", "stated", "candidates"):
            row[key] = tuple(row.get(key, ()))
        found.append(Case(**row))
    return found
