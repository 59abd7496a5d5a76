"""Structured files."""

from __future__ import annotations

from functools import partial

import msgspec

from adhere.app.answers import Given
from adhere.model.digest import text_digest
from adhere.model.finding import Missing
from adhere.model.need import Answer, DataFile, DataNeed
from adhere.sources.data_file import read_data


def answer(need: DataNeed, given: Given) -> Answer:
    """The file, parsed; missing where there is none."""
    if not given.tree.matching(need.file):
        return Missing(f"there is no file `{need.file}`", "add it, or mend the rule")
    data = read_data(given.text(need.file), need.file)
    return _matched(data, need, given) if need.matches else data


def _matched(data: DataFile, need: DataNeed, given: Given) -> DataFile | Missing:
    from adhere.app.answers.texts import Text, find
    from adhere.checks.data_assert import matchable, selected

    texts = {
        text: Text(text_digest(text), partial(str, text))
        for value in selected(data.value, need.path)
        for text in matchable(value)
    }
    found = find(texts, (need.matches,), given, lines=False)
    for file in found.values():
        if file.fault:
            return Missing(f"{need.file}: {file.fault}", file.hint)
    matching = frozenset(text for text, file in found.items() if file.found[need.matches].count)
    return msgspec.structs.replace(data, matching=matching)
