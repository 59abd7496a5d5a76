"""What pip is told: its environment variables and its configuration files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

from adhere.evidence.index import look
from adhere.evidence.index.said import Said, unreadable

KEYS = ("index-url", "extra-index-url", "find-links", "no-index", "cert", "proxy", "trusted-host")
_SECTIONS = ("global", "install")  # in the order in which they override one another


def read_pip(environ: Mapping[str, str], prefix: str, home: str) -> dict[str, Said]:
    """What pip would go by, by key.

    Args:
        environ: environment variables.
        prefix: folder of the virtual environment.
        home: the user's folder.

    Raises:
        ConfigError: a file cannot be read; pip would stop there as well.
    """
    found: dict[str, Said] = {}
    for path in config_files(environ, prefix, home):
        found.update(_read_file(path))
    for key in KEYS:
        name = f"PIP_{key.replace('-', '_').upper()}"
        if environ.get(name):
            found[key] = Said(environ[name], name)
    return found


def config_files(environ: Mapping[str, str], prefix: str, home: str) -> Iterator[str]:
    """Files that pip reads, the weakest first; whether they are there or not."""
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    yield from _machine_files(environ, name)
    yield os.path.join(home, "pip" if sys.platform == "win32" else ".pip", name)
    yield os.path.join(_user_folder(environ, home), "pip", name)
    yield os.path.join(prefix, name)
    if named:
        yield named


def _machine_files(environ: Mapping[str, str], name: str) -> Iterator[str]:
    if sys.platform == "win32":
        yield os.path.join(environ.get("PROGRAMDATA", "C:\\ProgramData"), "pip", name)
    elif sys.platform == "darwin":
        yield os.path.join("/Library/Application Support/pip", name)
    else:
        folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        for folder in reversed(folders.split(os.pathsep)):
            yield os.path.join(folder, "pip", name)
        yield os.path.join("/etc", name)


def _user_folder(environ: Mapping[str, str], home: str) -> str:
    if sys.platform == "win32":
        return environ.get("APPDATA", os.path.join(home, "AppData", "Roaming"))
    if sys.platform == "darwin":
        support = os.path.join(home, "Library", "Application Support")
        if look.is_folder(os.path.join(support, "pip")):
            return support
    return environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")


def _read_file(path: str) -> Iterator[tuple[str, Said]]:
    """Keys of one file; a file that is not there has none."""
    if not look.is_file(path):
        return
    import configparser

    parser = configparser.RawConfigParser()
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, UnicodeDecodeError, configparser.Error):
        hint = "mend the file; pip cannot read it either"
        raise unreadable(path, hint) from None
    for section in _SECTIONS:
        if not parser.has_section(section):
            continue
        for raw, value in parser.items(section):
            key = raw.replace("_", "-").removeprefix("--")
            if key in KEYS and value:
                yield key, Said(value, f"{key} in {path}")


def is_on(said: Said | None) -> bool:
    """Whether a switch is on, as pip reads it."""
    return said is not None and said.value.strip().lower() in ("y", "yes", "t", "true", "on", "1")
