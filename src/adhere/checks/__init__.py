"""Check kinds: one file each, and the registry that finds them by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from adhere.errors import ConfigError, Problem
from adhere.policy.rule import Kind

BUILT_IN: Mapping[str, str] = {
    "data.assert": "data_assert",
    "files.present": "files_present",
    "licenses.allowed": "licenses_allowed",
    "licenses.unchanged": "licenses_unchanged",
    "lock.matches": "lock_matches",
    "packages.approved": "packages_approved",
    "packages.denied": "packages_denied",
    "requirements.hashed": "requirements_hashed",
    "requirements.pinned": "requirements_pinned",
    "sources.agree": "sources_agree",
    "sources.allowed": "sources_allowed",
    "sources.complete": "sources_complete",
}
"""Module in this package of each kind; its ``KIND`` is what is registered."""

ENTRY_POINTS = "adhere.checks"
"""Entry-point group by which another distribution adds kinds; the name is the kind's."""


class Kinds(Mapping[str, Kind]):
    """Kinds by name, imported when they are asked for.

    Entry points are scanned only for a name that is not built in: it costs an import that
    a warm run does without.
    """

    def __init__(self) -> None:
        self._found: dict[str, Kind] = {}
        self._foreign: dict[str, object] | None = None

    def __getitem__(self, name: str) -> Kind:
        """The kind of that name.

        Raises:
            KeyError: there is none.
            ConfigError: another distribution offers it and it cannot be loaded.
        """
        if name not in self._found:
            module = BUILT_IN.get(name)
            if module is None:
                self._found[name] = self._load(name)
            else:
                self._found[name] = import_module(f"adhere.checks.{module}").KIND
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """All names, built in and foreign, sorted."""
        return iter(sorted({*BUILT_IN, *self._entry_points()}))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in BUILT_IN or name in self._entry_points()

    def _entry_points(self) -> dict[str, object]:
        if self._foreign is None:
            from importlib.metadata import entry_points

            self._foreign = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
        return self._foreign

    def _load(self, name: str) -> Kind:
        point = self._entry_points()[name]
        try:
            kind = point.load()  # type: ignore[attr-defined]  # an EntryPoint, whose type costs an import
        except Exception as error:
            message = f"the check kind `{name}` cannot be loaded: {type(error).__name__}: {error}"
            hint = "mend or uninstall the distribution that offers it"
            raise ConfigError(Problem("kind-unloadable", message, hint=hint)) from error
        if not isinstance(kind, Kind):
            message = f"the entry point `{name}` is a {type(kind).__name__}, not a check kind"
            hint = "it has to name an instance of `adhere.policy.rule.Kind`"
            raise ConfigError(Problem("kind-unloadable", message, hint=hint))
        return kind


KINDS = Kinds()
"""The registry of this process."""
