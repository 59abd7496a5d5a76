"""Pages of a package index in HTML (PEP 503), to the shape of the JSON ones."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

from adhere.evidence.wire.file_names import version_in
from adhere.evidence.wire.garbage import Garbage
from adhere.evidence.wire.pypi_raw import MAX_FILES, RawFile, RawMeta, RawPage, RawStatus
from adhere.model.names import PackageName

_META = "pypi:"


def read_html(data: bytes, name: PackageName) -> RawPage:
    """A page.

    Args:
        data: the whole of it.
        name: of the project; files of others, which a ``find-links`` page has, are left out.

    Raises:
        Garbage: it is not HTML in UTF-8, or nothing on it says that it is a page of an index.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Garbage("it is neither JSON nor HTML in UTF-8") from None
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, RecursionError):  # how the parser of the library says no
        raise Garbage("its HTML cannot be read") from None
    files = [file for file in reader.files if version_in(file.filename, name)]
    if not files and "repository-version" not in reader.meta:
        raise Garbage("it is HTML that names no file of the project")
    status = reader.meta.get("project-status")
    return RawPage(
        files=files,
        meta=RawMeta(reader.meta.get("repository-version", "1.0")),
        project_status=RawStatus(status, reader.meta.get("project-status-reason"))
        if status is not None
        else None,
    )


class _Reader(HTMLParser):
    """Collects links and what the page says of itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.files: list[RawFile] = []
        self.meta: dict[str, str] = {}
        self._base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        found = {key: value or "" for key, value in attrs}
        if tag == "base" and not self._base:
            self._base = found.get("href", "")
        elif tag == "meta" and found.get("name", "").startswith(_META):
            self.meta.setdefault(found["name"].removeprefix(_META), found.get("content", ""))
        elif tag == "a" and "href" in found:
            self._link(found)

    def _link(self, found: dict[str, str]) -> None:
        if len(self.files) >= MAX_FILES:
            raise Garbage(f"it lists more than {MAX_FILES} files")
        try:
            url = urljoin(self._base, found["href"].strip())
        except ValueError:
            return  # a link that leads nowhere, for nobody
        path = url.partition("#")[0].partition("?")[0]
        offer = found.get("data-core-metadata", found.get("data-dist-info-metadata"))
        self.files.append(
            RawFile(
                filename=unquote(path.rpartition("/")[2]),
                url=url,
                requires_python=found.get("data-requires-python"),
                yanked=found.get("data-yanked", False),
                core_metadata=None if offer is None else _digests(offer),
            )
        )


def _digests(offer: str) -> bool | dict[str, str]:
    algorithm, equals, value = offer.partition("=")
    return {algorithm: value} if equals else offer.lower() == "true"
