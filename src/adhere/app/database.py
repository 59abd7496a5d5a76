"""The snapshot of advisories: what it is, and how another takes its place."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from msgspec import Struct

from adhere.app.project import Project
from adhere.app.store import unwritable
from adhere.errors import AdhereError, Problem, UsageError
from adhere.evidence.advisories import Snapshot, open_snapshot
from adhere.evidence.archive import unusable
from adhere.evidence.download import MAX_SNAPSHOT, Download, Transport, discard
from adhere.licenses._spdx import VERSION as SPDX_VERSION
from adhere.policy.settings import Advisories
from adhere.ports import Clock, Progress

_DAY = 86_400.0


class Status(Struct, frozen=True):
    """What judges, and whether it may.

    Attributes:
        source: of ``[advisories]``.
        path: of the snapshot.
        usable: it is there, can be read, and is young enough.
        reason: why it is not usable, ``""`` when it is.
        digest: of the snapshot, ``""`` when there is none.
        as_of: when its newest record was changed; ``None`` when there is none.
        age: days since then.
        max_age: days beyond which it cannot judge.
        records: in it.
        refused: records of it that cannot be read.
        licenses: version of the SPDX list that licenses are read by.
    """

    source: str
    path: str
    usable: bool
    reason: str = ""
    digest: str = ""
    as_of: datetime | None = None
    age: float | None = None
    max_age: float = 0.0
    records: int = 0
    refused: int = 0
    licenses: str = SPDX_VERSION


class Updated(Struct, frozen=True):
    """What an update did.

    Attributes:
        snapshot: that is there now.
        changed: it is another one than before.
    """

    snapshot: Snapshot
    changed: bool


class Database:
    """The snapshot of a project.

    Attributes:
        path: of it, absolute.
        label: what to call it.
        address: where it is fetched from, ``""`` when nothing is configured.
    """

    def __init__(
        self,
        project: Project,
        config: Advisories,
        folder: str,
        moment: datetime,
        clock: Clock,
        progress: Progress,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            project: whose paths are meant.
            config: where the snapshot lies, and how old it may be.
            folder: where indexes are kept.
            moment: at which it would have to judge.
            clock: for the longest time that an update takes.
            progress: is told how far long work has come.
        """
        self._config = config
        self._folder = folder
        self._moment = moment
        self._clock = clock
        self._progress = progress
        self.path = project.path(os.path.expanduser(config.snapshot))
        self.label = project.label(self.path)
        self.address = config.snapshot_url

    def status(self) -> Status:
        """What is there.

        Raises:
            SourceError: it cannot be read.
        """
        limit = self._config.max_age.seconds / _DAY
        if not os.path.exists(self.path):
            reason = "there is none; adhere db update fetches one"
            return Status(
                self._config.source, self.label, usable=False, reason=reason, max_age=limit
            )
        found = self._opened(self.path)
        age = (self._moment - found.as_of).total_seconds() / _DAY
        reason = ""
        if age > limit:
            reason = f"it is {age:.1f} days old, and {limit:g} are the most"
        elif age < -1:
            reason = "it is of the future; check the clock of this machine"
        return Status(
            source=self._config.source,
            path=self.label,
            usable=not reason,
            reason=reason,
            digest=found.digest,
            as_of=found.as_of,
            age=round(age, 3),
            max_age=limit,
            records=found.records,
            refused=found.refused,
        )

    def update(self, source: str, sha256: str, transport: Transport | None) -> Updated:
        """Put another snapshot in the place of the one that is there.

        It is looked at first: whether it is a whole archive of records of advisories, and
        not older. Until then the old one stays.

        Args:
            source: path or address; ``""`` for the configured address.
            sha256: digest that it has to have, ``""`` for any.
            transport: for addresses; ``None`` for a run without network.

        Raises:
            UsageError: nobody said where from.
            DownloadError: it could not be fetched; what arrived is kept.
            SourceError: what arrived is no snapshot, or an older one.
            StoreError: it cannot be written.
        """
        source = source or self.address
        if not source:
            hint = "set `snapshot_url` of [advisories], or name a file or an address with --from"
            raise UsageError(Problem("usage", "nothing says where to fetch it from", hint=hint))
        part = f"{self.path}.part"
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            with _alone(f"{self.path}.lock", self.label):
                self._fetched(source, part, transport)
                try:
                    return self._installed(part, sha256)
                finally:
                    discard(part)
        except OSError as error:
            raise unwritable(self.label, error) from None

    def _fetched(self, source: str, part: str, transport: Transport | None) -> None:
        scheme, separator, _ = source.partition("://")
        if separator and scheme not in ("http", "https"):
            message = f"`{scheme}` is no way to fetch a snapshot"
            raise UsageError(Problem("usage", message, hint="use https, or the path of a file"))
        if separator and transport is None:
            message = "an address was named, and --offline forbids the network"
            raise UsageError(Problem("usage", message, hint="name a file with --from"))
        if transport is not None:
            Download(source, part, transport, self._clock, self._progress).run()
        else:
            _copied(os.path.abspath(os.path.expanduser(source)), part, source)

    def _installed(self, part: str, sha256: str) -> Updated:
        new = self._opened(part)
        if sha256 and new.digest != f"sha256:{sha256.lower().removeprefix('sha256:')}":
            message = f"it has the digest {new.digest}, and another was expected"
            raise unusable(self.label, message, "fetch it again, or ask who publishes it")
        old: Snapshot | None = None
        if os.path.exists(self.path):
            with suppress(AdhereError):  # one that cannot be read is no loss
                old = self._opened(self.path)
        if old is not None and new.as_of < old.as_of:
            message = f"the new one is of {new.as_of}, older than that of {old.as_of}"
            raise unusable(self.label, message, "remove the old one if you mean it")
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, self.path)
        return Updated(new, changed=old is None or old.digest != new.digest)

    def _opened(self, path: str) -> Snapshot:
        return open_snapshot(path, self.label, self._folder, self._progress)


def _copied(source: str, part: str, label: str) -> None:
    try:
        size = os.stat(source).st_size
        if size > MAX_SNAPSHOT:
            raise unusable(label, f"it has {size} bytes, more than any snapshot", "check the path")
        with open(source, "rb") as old, open(part, "wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
    except OSError as error:
        if error.filename not in (source, None):
            raise
        words = (error.strerror or type(error).__name__).lower()
        raise unusable(label, f"cannot read it: {words}", "check the path") from None


@contextmanager
def _alone(path: str, label: str) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends.

    Raises:
        UsageError: another process updates the same snapshot.
    """
    with open(path, "wb") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"another process updates {label}"
            raise UsageError(Problem("usage", message, hint="wait for it")) from None
        yield
