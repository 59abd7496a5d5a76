"""One installed distribution, read from its metadata folder."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO

import msgspec
from msgspec import Struct

from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.model.metadata import MAX_HEAD, Metadata, MetadataError, head_of, parse_metadata
from adhere.model.names import as_text, canonical_name, is_text
from adhere.model.package import Declared, Dependency, LicenseFile, Origin, Package
from adhere.sources.entry import shown
from adhere.sources.markers import Environment, requires_dist
from adhere.sources.requires_txt import requires_txt

UNREADABLE = "package-unreadable"
OUTSIDE = "package-outside"
ODD_VERSION = "package-version"

MAX_FILE = 256 * 1024 * 1024
"""Bytes of a file that is hashed; a larger one is refused."""

MAX_TEXT = 2 * 1024 * 1024
"""Bytes of a license file that is identified; larger ones are hashed only."""

MAX_FILES = 2_000
"""License files that are read of one package; the most that was seen is 60."""

MAX_LINKS = 6
"""Addresses that are kept of one package."""

_LICENSE_NAME = re.compile(
    r"(?:un)?licen[cs]e|copying|notice|copyright|authors?|patents", re.IGNORECASE
)
# Every version but a handful matches; the rest is left to packaging.
_PLAIN_VERSION = re.compile(r"\d+(?:\.\d+)*(?:(?:a|b|rc|\.post|\.dev)\d+)*", re.ASCII)


class Distribution(Struct, frozen=True):
    """What was read of one metadata folder.

    Attributes:
        package: ``None`` when it could not be read.
        faults: why, or what is odd about it.
        texts: license files and what they say, for identification.
        read: paths relative to the site-packages folder, of everything that this depends
            on: files and folders.
    """

    package: Package | None
    faults: tuple[Fault, ...]
    texts: tuple[tuple[LicenseFile, str], ...]
    read: tuple[str, ...]


class _Unreadable(Exception):  # noqa: N818 - carries a fault to the one place that keeps it
    def __init__(self, reason: str, code: str = UNREADABLE, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.line = line


def read_distribution(folder: str, entry: str, label: str, where: Environment) -> Distribution:
    """Read a ``.dist-info`` or ``.egg-info``; never raises.

    Args:
        folder: the site-packages folder.
        entry: name of the metadata folder or file in it.
        label: what to call the site-packages folder.
        where: environment for which markers are evaluated.
    """
    reader = _Reader(folder, entry, label, where)
    try:
        package = reader.package()
    except _Unreadable as error:
        location = Location(f"{label}/{reader.document}", error.line)
        fault = Fault(error.code, _subject(entry), error.reason, location)
        return Distribution(None, (fault,), (), tuple(reader.read))
    return Distribution(package, tuple(reader.faults), tuple(reader.texts), tuple(reader.read))


def _subject(entry: str) -> str:
    return entry.removesuffix(".dist-info").removesuffix(".egg-info")


class _Reader:
    def __init__(self, folder: str, entry: str, label: str, where: Environment) -> None:
        self.folder = folder
        self.entry = entry
        self.label = label
        self.where = where
        self.read: list[str] = [entry]
        self.faults: list[Fault] = []
        self.texts: list[tuple[LicenseFile, str]] = []
        self.folders: set[str] = set()
        self.document = entry

    def package(self) -> Package:
        path = os.path.join(self.folder, self.entry)
        try:
            status = os.lstat(path)
        except OSError as error:
            raise _Unreadable(f"it cannot be read: {_words(error)}") from None
        if stat.S_ISLNK(status.st_mode):
            raise _Unreadable("it is a link, and may lead anywhere", OUTSIDE)
        if stat.S_ISREG(status.st_mode):  # an .egg-info of distutils
            return self.described(self.entry, ())
        names = self.listing(self.entry)
        wanted = "METADATA" if self.entry.endswith(".dist-info") else "PKG-INFO"
        if wanted not in names:
            raise _Unreadable(f"it has no {wanted}")
        return self.described(f"{self.entry}/{wanted}", names)

    def described(self, document: str, names: tuple[str, ...]) -> Package:
        self.document = document
        self.read.append(document)
        head, digest = self.head(document)
        try:
            metadata = parse_metadata(head)
        except MetadataError as error:
            raise _Unreadable(error.reason, line=error.line) from None
        location = Location(f"{self.label}/{document}")
        remarks: list[str] = []
        if metadata.stray:
            remarks.append(f"{metadata.stray} lines of its metadata are no field")
        self.check_version(metadata, location)
        self.check_folder(metadata, location)
        files = tuple(self.license_files(metadata, names, remarks)) if names else ()
        return Package(
            name=canonical_name(metadata.name),
            version=metadata.version,
            location=location,
            spelled=metadata.name,
            origin=self.origin(names),
            requested="REQUESTED" in names if names and self.is_modern else None,
            requires=self.requires(metadata, names, remarks),
            declared=Declared(
                expression=metadata.expression,
                text=metadata.license,
                classifiers=metadata.classifiers,
                digest=digest,
                document=os.path.basename(document),
            ),
            license_files=files,
            summary=metadata.summary[:500],
            links=metadata.links[:MAX_LINKS],
            remarks=tuple(remarks),
        )

    @property
    def is_modern(self) -> bool:
        return self.entry.endswith(".dist-info")

    def check_version(self, metadata: Metadata, location: Location) -> None:
        if _PLAIN_VERSION.fullmatch(metadata.version):
            return
        from packaging.version import InvalidVersion, Version

        try:
            Version(metadata.version)
        except InvalidVersion:
            reason = f"its version `{metadata.version[:80]}` is none by PEP 440"
            name = canonical_name(metadata.name)
            self.faults.append(Fault(ODD_VERSION, name, reason, location, kept=True))

    def check_folder(self, metadata: Metadata, location: Location) -> None:
        """Tools that go by the folder's name have to find the same package as those that read.

        The specification wants ``name-version.dist-info``; what else is there was not made
        by an installer.
        """
        if not self.is_modern:
            return
        name, _, version = self.entry.removesuffix(".dist-info").rpartition("-")
        own = canonical_name(metadata.name)
        if not name or (canonical_name(name) == own and version == metadata.version):
            return
        if canonical_name(name) != own or _differ(version, metadata.version):
            reason = f"its folder's name says {shown(_subject(self.entry))}"
            fault = Fault(UNREADABLE, own, reason, location, kept=True)
            self.faults.append(fault)

    def requires(
        self, metadata: Metadata, names: tuple[str, ...], remarks: list[str]
    ) -> tuple[Dependency, ...]:
        lines: tuple[str, ...] = metadata.requires_dist
        if not lines and "requires.txt" in names:
            document = f"{self.entry}/requires.txt"
            self.read.append(document)
            try:
                lines = requires_txt(self.content(document).decode("utf-8", "replace"))
            except _Unreadable as error:
                self.lacks("requires.txt", error.reason, error.code)
        broken: list[str] = []
        edges = requires_dist(lines, self.where, broken)
        if broken:
            remarks.append(f"{len(broken)} of its requirements cannot be read in full")
        return edges

    def origin(self, names: tuple[str, ...]) -> Origin:
        """``direct_url.json`` (PEP 610); without it, a package came from an index."""
        if "direct_url.json" not in names:
            return Origin(kind="index") if self.is_modern else Origin()
        document = f"{self.entry}/direct_url.json"
        self.read.append(document)
        from adhere.sources.direct_url import DirectUrlError, read_direct_url

        try:
            return read_direct_url(self.content(document))
        except DirectUrlError as error:
            self.lacks("direct_url.json", str(error))
        except _Unreadable as error:
            self.lacks("direct_url.json", error.reason, error.code)
        return Origin()

    def lacks(self, name: str, reason: str, code: str = UNREADABLE) -> None:
        """A fault: one file of the metadata cannot be used, and what it says is not known."""
        location = Location(f"{self.label}/{self.entry}/{name}")
        reason = f"its {name} cannot be used: {reason}"
        self.faults.append(Fault(code, _subject(self.entry), reason, location, kept=True))

    def license_files(
        self, metadata: Metadata, names: tuple[str, ...], remarks: list[str]
    ) -> Iterator[LicenseFile]:
        named = {name for name in names if _LICENSE_NAME.match(name)}
        paths = (named | ({*metadata.license_files} & {*names})) - self.folders
        for folder in ("licenses", "license_files"):
            if folder in self.folders:
                paths.update(self.below(folder))
        stated = [name for name in metadata.license_files if not _inside(name)]
        if stated:
            remarks.append(f"{len(stated)} License-File entries lead out of its folder")
        for count, path in enumerate(sorted(paths)):
            if count == MAX_FILES:
                remarks.append(f"only the first {MAX_FILES} license files were read")
                return
            found = self.license_file(path)
            if found is not None:
                yield found

    def below(self, folder: str, depth: int = 0) -> Iterator[str]:
        """Every file below a folder, relative to the metadata folder."""
        if depth > 12:
            self.lacks(folder, "its folders are nested too deeply")
            return
        self.read.append(f"{self.entry}/{folder}")
        try:
            entries = sorted(os.scandir(os.path.join(self.folder, self.entry, folder)), key=_name)
        except OSError as error:
            self.lacks(folder, _words(error))
            return
        for entry in entries:
            if not self.is_named(entry.name, f"{folder}/"):
                continue
            if entry.is_symlink():
                self.outside(f"{folder}/{entry.name}")
            elif entry.is_dir():
                yield from self.below(f"{folder}/{entry.name}", depth + 1)
            elif entry.is_file():
                yield f"{folder}/{entry.name}"

    def is_named(self, name: str, below: str = "") -> bool:
        """Whether a file has a name that can be told; one that has none is a fault."""
        if is_text(name):
            return True
        location = Location(f"{self.label}/{self.entry}/{below}{as_text(name)}")
        reason = "the name of a file of its metadata is not UTF-8, and it was not read"
        self.faults.append(Fault(UNREADABLE, _subject(self.entry), reason, location, kept=True))
        return False

    def outside(self, path: str) -> None:
        location = Location(f"{self.label}/{self.entry}/{path}")
        reason = "a license file is a link, and was not followed"
        self.faults.append(Fault(OUTSIDE, _subject(self.entry), reason, location, kept=True))

    def license_file(self, path: str) -> LicenseFile | None:
        document = f"{self.entry}/{path}"
        self.read.append(document)
        try:
            data = self.content(document)
        except _Unreadable as error:
            location = Location(f"{self.label}/{document}")
            reason = f"a license file cannot be used: {error.reason}"
            self.faults.append(Fault(error.code, _subject(self.entry), reason, location, kept=True))
            return None
        file = LicenseFile(path, f"sha256:{sha256(data).hexdigest()}")
        self.texts.append((file, _text(data[:MAX_TEXT])))
        return file

    def listing(self, folder: str) -> tuple[str, ...]:
        try:
            with os.scandir(os.path.join(self.folder, folder)) as entries:
                found = {
                    entry.name: entry.is_dir(follow_symlinks=False)
                    for entry in entries
                    if self.is_named(entry.name)
                }
        except OSError as error:
            raise _Unreadable(f"its folder cannot be read: {_words(error)}") from None
        self.folders = {name for name, is_folder in found.items() if is_folder}
        return tuple(sorted(found))

    def content(self, document: str) -> bytes:
        """A whole file that is no link."""
        with _opened(os.path.join(self.folder, document)) as file:
            data = file.read(MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise _Unreadable(f"it is larger than {MAX_FILE} bytes")
        return data

    def head(self, document: str) -> tuple[bytes, str]:
        """The header block, and the digest of the whole file."""
        with _opened(os.path.join(self.folder, document)) as file:
            data = file.read(1 << 16)
            digest = sha256(data)
            size = len(data)
            head = head_of(data)
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
                if head is None and len(data) <= MAX_HEAD:
                    data += chunk
                    head = head_of(data)
                if size > MAX_FILE:
                    raise _Unreadable(f"its metadata is larger than {MAX_FILE} bytes")
        if head is None and len(data) > MAX_HEAD:
            raise _Unreadable(f"its metadata has more than {MAX_HEAD} bytes of fields")
        return data if head is None else head, f"sha256:{digest.hexdigest()}"


def _opened(path: str) -> FileIO:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if os.path.islink(path):
            raise _Unreadable("it is a link, and may lead anywhere", OUTSIDE) from None
        raise _Unreadable(f"it cannot be read: {_words(error)}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _Unreadable("it is no regular file")
    return FileIO(handle, "rb")


def _text(data: bytes) -> str:
    """A license file's text; bytes that are none are replaced, they are never in a license."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if utf16 else "utf-8-sig", "replace")


def _differ(first: str, second: str) -> bool:
    """Whether the version of a folder's name, which has no ``-``, is another than its own."""
    from packaging.version import InvalidVersion, Version

    try:
        own = Version(second)
    except InvalidVersion:
        return False  # which is a fault of its own
    try:
        return Version(first.replace("_", "-")) != own
    except InvalidVersion:
        return True


def _inside(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return not path.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def remembered(package: Package) -> Package:
    """A package without what nobody reads once its license is concluded.

    The claims of the conclusion quote what its author wrote; here, some packages would
    repeat a whole license text.
    """
    declared = package.declared
    if declared is None:
        return package
    kept = Declared(digest=declared.digest, document=declared.document)
    return msgspec.structs.replace(package, declared=kept)
