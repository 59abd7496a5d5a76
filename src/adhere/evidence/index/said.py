"""Values of settings, each with where it was said."""

from __future__ import annotations

from msgspec import Struct

from adhere.errors import ConfigError, Problem


class Said(Struct, frozen=True):
    """One value.

    Attributes:
        value: as it was written.
        where: ``PIP_INDEX_URL``, ``index-url in /etc/pip.conf``, ...
    """

    value: str
    where: str

    def parts(self) -> tuple[Said, ...]:
        """A list that was written with blanks or lines between its parts."""
        return tuple(Said(part, self.where) for part in self.value.split())


def wrong(message: str, where: str, hint: str, code: str = "config-type") -> ConfigError:
    """An error about a setting, wherever it was made; its value may be a secret."""
    return ConfigError(Problem(code, f"{where}: {message}", hint=hint))


def unreadable(path: str, hint: str) -> ConfigError:
    """An error about a file of settings that nobody can read."""
    message = "the file cannot be read"
    return ConfigError(Problem("file-unreadable", message, path=path, hint=hint))
