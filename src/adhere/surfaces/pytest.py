"""The pytest plugin: tests say which rule of which decision they hold.

It is loaded in every test run beside which adhere is installed, so it imports nothing but
pytest, and does nothing unless JUnit XML is written and a test is marked.
"""

from __future__ import annotations

import pytest

# The names are those that `adhere.sources.junit` reads, and stand here as well because
# importing that would cost every test run.
MARK, PLACE = "adhere.adr", "adhere.place"
COMMIT, DIRTY = "adhere.commit", "adhere.dirty"

_MARKER = 'adr(decision, rule="id"): this test holds a rule of a decision, read by adhere'


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and watch for marked tests where results are written."""
    config.addinivalue_line("markers", _MARKER)
    if config.getoption("xmlpath", None) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Commit(config), "adhere-commit")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every marked test its properties; a mark that names nothing is an error."""
    wrong: list[str] = []
    for item in items:
        try:
            marks = [_named(mark) for mark in item.iter_markers("adr")]
        except ValueError as error:
            wrong.append(f"{item.nodeid}: {error}")
            continue
        if marks and config.getoption("xmlpath", None):
            path, line, _ = item.location
            place = path.replace("\\", "/")
            item.user_properties += [(MARK, mark) for mark in dict.fromkeys(marks)]
            item.user_properties.append((PLACE, f"{place}:{(line or 0) + 1}"))
    if wrong:
        raise pytest.UsageError("\n".join(wrong))


def _named(mark: pytest.Mark) -> str:
    """``ADR-015/rule``, ``ADR-015/`` or ``/rule``.

    Raises:
        ValueError: the mark names neither a decision nor a rule.
    """
    decision = mark.args[0] if mark.args else ""
    rule = mark.kwargs.get("rule", "")
    texts = isinstance(decision, str) and isinstance(rule, str)
    if len(mark.args) > 1 or set(mark.kwargs) - {"rule"} or not texts or not (decision or rule):
        raise ValueError('write @pytest.mark.adr("ADR-015", rule="id of a rule")')
    return f"{decision}/{rule}"


class _Commit:
    """Writes down once which commit marked tests ran at."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first report of a marked test is the moment to ask, before much can change."""
        if not any(name == MARK for name, _ in report.user_properties):
            return
        manager = self._config.pluginmanager
        manager.unregister(self)
        from adhere.sources.git import find_commit

        commit = find_commit(str(self._config.rootpath))
        for plugin in manager.get_plugins():
            # What writes the file is registered under no name of its own.
            add = getattr(plugin, "add_global_property", None)
            if add is not None and commit.id:
                add(COMMIT, commit.id)
                add(DIRTY, "true" if commit.dirty else "false")
