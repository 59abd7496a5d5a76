"""Whether the cache changes an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import adhere
from adhere.app.answers import Given
from adhere.model.caching import Compared
from adhere.model.digest import text_digest
from adhere.model.finding import Missing
from adhere.model.need import Answer, ComparisonNeed
from adhere.sources.comparison import read_comparison


def answer(need: ComparisonNeed, given: Given) -> Answer:
    """The stored comparison, held to what this run has read; missing where there is none.

    It is asked for last: by then everything else that a rule asks for has been read.

    Raises:
        ConfigError: the file is no comparison.
    """
    if not given.tree.matching(need.file):
        return Missing(f"there is no comparison of runs, {need.file}", "run: adhere cache compare")
    now = inputs_of(given)
    comparison = read_comparison(given.text(need.file), need.file)
    given.comparisons.add(need.file)
    changed = tuple(_changed(comparison.inputs, now, given.comparisons))
    return Compared(need.file, comparison, adhere.__version__, changed)


def inputs_of(given: Given) -> dict[str, str]:
    """Digest by path of everything that a run has read, but snapshots of advisories."""
    texts = {**given.inputs, **given.loaded.inputs}
    return {
        **{path: text_digest(text) for path, text in texts.items()},
        **given.digests,
        **given.selections,
        **{reading.source.path: reading.source.digest for reading in given.readings},
    }


def _changed(
    then: Mapping[str, str], now: Mapping[str, str], besides: AbstractSet[str]
) -> Iterator[str]:
    for path in sorted({*then, *now} - besides):
        if path not in now:
            yield f"{path} is not judged now"
        elif path not in then:
            yield f"{path} was not judged then"
        elif then[path] != now[path]:
            yield f"{path} changed"
