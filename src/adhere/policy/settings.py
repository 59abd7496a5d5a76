"""Sections of the configuration: every key, its type and its default."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field  # factories: the schema generator cannot show our quantities

from adhere.model.finding import Level
from adhere.policy.quantity import ByteSize, Duration


class Project(Struct, frozen=True):
    """``[project]``: what is judged.

    Attributes:
        sources: lock files, environments, ...; empty means: find them.
        first_party: name patterns of packages that are yours.
        groups: level cap per dependency group; the strictest of a package's groups holds.
    """

    sources: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()
    groups: dict[str, Level] = {}


class Index(Struct, frozen=True):
    """``[index]``: how a package index is asked.

    Attributes:
        url: one address or several of a simple repository API; ``""`` asks the index that
            the installer uses.
        rate: requests per second.
        concurrency: requests at once.
        timeout: of one attempt.
        retries: attempts after the first.
        deadline: of the whole gathering.
        breaker_failures: failed attempts in a row that open the circuit breaker.
        breaker_pause: how long it stays open.
    """

    url: str | tuple[str, ...] = ""
    rate: float = 20.0
    concurrency: int = 10
    timeout: Duration = field(default_factory=lambda: Duration("2s"))
    retries: int = 3
    deadline: Duration = field(default_factory=lambda: Duration("8s"))
    breaker_failures: int = 5
    breaker_pause: Duration = field(default_factory=lambda: Duration("300s"))


class Advisories(Struct, frozen=True):
    """``[advisories]``: where known vulnerabilities come from.

    Attributes:
        source: a live OSV service, a snapshot file, or both.
        url: of the OSV service; ``""`` for the public one.
        snapshot: an OSV ``all.zip``.
        snapshot_url: where to fetch it.
        max_age: older data cannot judge.
        reports: of pip-audit and osv-scanner, in JSON: what they found counts too. With
            ``source = "reports"`` they are all there is.
        vex: documents, OpenVEX or CycloneDX, that say which flaws do not matter here.
    """

    source: Literal["osv", "snapshot", "both", "reports"] = "osv"
    url: str = ""
    snapshot: str = ".adhere/osv-pypi.zip"
    snapshot_url: str = ""
    max_age: Duration = field(default_factory=lambda: Duration("48h"))
    reports: tuple[str, ...] = ()
    vex: tuple[str, ...] = ()


class MemoryCache(Struct, frozen=True):
    """``memory`` of ``[cache]``: entries and bytes of the first tier."""

    items: int = 1_000
    bytes: ByteSize = field(default_factory=lambda: ByteSize("8MiB"))


class FileCache(Struct, frozen=True):
    """``file`` of ``[cache]``: bytes of the second tier."""

    bytes: ByteSize = field(default_factory=lambda: ByteSize("256MiB"))


class RedisCache(Struct, frozen=True):
    """``redis`` of ``[cache]``: the third tier; without an address there is none.

    Attributes:
        url: ``redis://...``, or ``env:NAME`` for the value of a variable.
        prefix: of every key.
        secret: ``env:NAME``: values are sealed with what that variable holds, and none that
            was sealed otherwise is believed. Where it is not set, there is no third tier.
    """

    url: str = ""
    prefix: str = "adhere"
    secret: str = ""


class Cache(Struct, frozen=True):
    """``[cache]``: three tiers.

    Attributes:
        dir: folder of the file tier; ``""`` for the user's cache folder.
        memory: the first tier.
        file: the second tier.
        redis: the third tier.
        ttl: time to live per kind of entry, in every tier; ``absent`` limits it for
            answers that there is nothing.
    """

    dir: str = ""
    memory: MemoryCache = field(default_factory=MemoryCache)
    file: FileCache = field(default_factory=FileCache)
    redis: RedisCache = field(default_factory=RedisCache)
    ttl: dict[str, Duration] = field(
        default_factory=lambda: {
            "package_metadata": Duration("24h"),
            "license": Duration("7d"),
            "vulnerability": Duration("1h"),
            "dependency_tree": Duration("30m"),
            "absent": Duration("10m"),
        }
    )


class Report(Struct, frozen=True):
    """``[report]``: what is written and where.

    Attributes:
        out: folder of the report and the history.
        templates: folder of templates that replace or extend ours.
        redact: what a page does not tell: paths outside of the project, hosts that only a
            network of yours knows, names of people in paths. A stored report has no such
            paths either.
        publish_vulnerabilities: how much of them a page shows: everything, only those that
            a release fixes, or only how many there are.
    """

    out: str = ".adhere"
    templates: str = ""
    redact: tuple[Literal["paths", "hostnames", "usernames"], ...] = (
        "paths",
        "hostnames",
        "usernames",
    )
    publish_vulnerabilities: Literal["all", "fixed-only", "counts"] = "all"


class Alerts(Struct, frozen=True):
    """``[alerts]``: who is told of open findings at the end of a check.

    Attributes:
        checks: patterns of check kinds whose findings are told.
        webhook: ``env:NAME``: the variable holds the address that a message is posted to.
        secret: ``env:NAME``: messages are signed with what that variable holds.
        deadline: of all attempts to deliver one message.
        plugins: names of entry points of the group ``adhere.alerts`` that are called.
    """

    checks: tuple[str, ...] = ("metrics.*",)
    webhook: str = ""
    secret: str = ""
    deadline: Duration = field(default_factory=lambda: Duration("5s"))
    plugins: tuple[str, ...] = ()


AdrStatus = Literal["proposed", "accepted", "rejected", "deprecated", "superseded"]


class Adr(Struct, frozen=True):
    """``[adr]``: where decisions are kept.

    Attributes:
        dir: folder of the documents and their rule files.
        statuses: words of the project for a status, ``{ adopted = "accepted" }``.
    """

    dir: str = "docs/adr"
    statuses: dict[str, AdrStatus] = {}


class Caps(Struct, frozen=True):
    """``caps`` of ``[waivers]``: how long a vulnerability may be waived, by its severity."""

    malicious: Duration | None = None
    critical: Duration | None = None
    high: Duration | None = None
    medium: Duration | None = None
    low: Duration | None = None
    unknown: Duration | None = None


class Waivers(Struct, frozen=True):
    """``[waivers]``: how exceptions are governed.

    Attributes:
        file: where they are kept.
        max: longest time from ``created`` to ``expires``.
        caps: the same for vulnerabilities, by severity, where it is shorter.
        warn: how long before its end a waiver is announced.
        approvers: who may approve; empty for anybody.
        require_approver: nothing is waived that nobody has approved.
        broad: findings that one waiver may cover before it is called broad.
    """

    file: str = "adhere.waivers.toml"
    max: Duration = field(default_factory=lambda: Duration("180d"))
    caps: Caps = field(default_factory=Caps)
    warn: Duration = field(default_factory=lambda: Duration("30d"))
    approvers: tuple[str, ...] = ()
    require_approver: bool = False
    broad: int = 10


CodeLevel = Literal["deny", "warn", "allow"]
"""What ``-D``, ``-W`` and ``-A`` and their key ``[levels]`` say of a code."""


class ConfigTable(Struct, frozen=True):
    """The whole file, apart from ``[[rule]]``.

    Attributes:
        schema: version of this format; 1.
        extends: files that this one is laid over, relative to this file.
        levels: level of single codes, for the whole project.
    """

    schema: int = 1
    extends: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)
    index: Index = field(default_factory=Index)
    advisories: Advisories = field(default_factory=Advisories)
    cache: Cache = field(default_factory=Cache)
    report: Report = field(default_factory=Report)
    alerts: Alerts = field(default_factory=Alerts)
    adr: Adr = field(default_factory=Adr)
    waivers: Waivers = field(default_factory=Waivers)
    levels: dict[str, CodeLevel] = {}
