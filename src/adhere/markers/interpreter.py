"""Marker variables: of one interpreter, and of those a lock file is looked at for."""

from __future__ import annotations

from msgspec import Struct

from adhere.model.inventory import Source


class Environment(Struct, frozen=True):
    """The marker variables of one interpreter on one platform.

    Attributes are those of the dependency specifiers specification; ``""`` for what is
    not known.
    """

    python_version: str
    python_full_version: str
    os_name: str
    sys_platform: str
    platform_system: str
    platform_machine: str = ""
    platform_release: str = ""
    platform_version: str = ""
    platform_python_implementation: str = "CPython"
    implementation_name: str = "cpython"
    implementation_version: str = ""


_PLATFORMS = {
    "linux": ("posix", "Linux", "x86_64"),
    "darwin": ("posix", "Darwin", "arm64"),
    "win32": ("nt", "Windows", "AMD64"),
    "cygwin": ("posix", "CYGWIN_NT", "x86_64"),
    "emscripten": ("posix", "Emscripten", "wasm32"),
}


def environment(
    python: str = "3.12", platform: str = "linux", machine: str = "", name: str = "cpython"
) -> Environment:
    """An environment from what is usually known of one.

    Args:
        python: version of the interpreter, two parts or more.
        platform: its ``sys.platform``.
        machine: its ``platform.machine()``; ``""`` for the platform's most common one.
        name: its ``sys.implementation.name``.
    """
    system = platform.rstrip("0123456789").capitalize()
    os_name, system, common = _PLATFORMS.get(platform, ("posix", system, ""))
    full = python if python.count(".") > 1 else f"{python}.0"
    return Environment(
        python_version=".".join(python.split(".")[:2]),
        python_full_version=full,
        os_name=os_name,
        sys_platform=platform,
        platform_system=system,
        platform_machine=machine or common,
        platform_python_implementation={"cpython": "CPython", "pypy": "PyPy"}.get(name, name),
        implementation_name=name,
        implementation_version=full,
    )


def of_source(source: Source) -> Environment:
    """The environment that a source describes, as far as it tells."""
    return environment(
        source.python or "3.12",
        source.platform or "linux",
        source.machine,
        source.implementation or "cpython",
    )


MATRIX: tuple[Environment, ...] = tuple(
    environment(f"3.{minor}", platform)
    for platform in ("linux", "darwin", "win32")
    for minor in range(9, 15)
)
"""What a lock file is looked at for: CPython 3.9 to 3.14 on three platforms."""
