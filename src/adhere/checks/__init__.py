"""Check kinds: one file each, and the registry that finds them by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from adhere.policy.rule import Kind

BUILT_IN: Mapping[str, str] = {
    "cache.configured": "cache_configured",
    "cache.equivalence": "cache_equivalence",
    "calls.forbidden": "calls_forbidden",
    "command.exit": "command_exit",
    "data.assert": "data_assert",
    "dependabot.covers": "dependabot_covers",
    "files.present": "files_present",
    "imports.allowed": "imports_allowed",
    "imports.layers": "imports_layers",
    "licenses.allowed": "licenses_allowed",
    "licenses.compatible": "licenses_compatible",
    "licenses.unchanged": "licenses_unchanged",
    "lock.matches": "lock_matches",
    "manual.attested": "manual_attested",
    "metrics.budget": "metrics_budget",
    "packages.approved": "packages_approved",
    "packages.denied": "packages_denied",
    "packages.fresh": "packages_fresh",
    "packages.maintained": "packages_maintained",
    "requirements.hashed": "requirements_hashed",
    "requirements.pinned": "requirements_pinned",
    "sarif.max": "sarif_max",
    "sources.agree": "sources_agree",
    "sources.allowed": "sources_allowed",
    "sources.complete": "sources_complete",
    "tests.passed": "tests_passed",
    "text.match": "text_match",
    "vulnerabilities.gate": "vulnerabilities_gate",
    "vulnerabilities.slo": "vulnerabilities_slo",
    "workflow.runs": "workflow_runs",
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
        self._foreign: dict[str, tuple[object, ...]] | None = None

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

    def _entry_points(self) -> dict[str, tuple[object, ...]]:
        if self._foreign is None:
            from importlib.metadata import entry_points

            found: dict[str, dict[str, object]] = {}
            for point in entry_points(group=ENTRY_POINTS):
                if point.name not in BUILT_IN:  # no other distribution can replace one of ours
                    found.setdefault(point.name, {})[point.value] = point
            self._foreign = {name: (*points.values(),) for name, points in found.items()}
        return self._foreign

    def _load(self, name: str) -> Kind:
        from adhere.checks.foreign import load

        taken = {code.id: own for own in BUILT_IN for code in self[own].codes}
        return load(name, self._entry_points()[name], taken)


KINDS = Kinds()
"""The registry of this process."""
