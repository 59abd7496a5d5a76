"""The ledger: when vulnerabilities were first seen, in a file that the project commits.

Its clock does not begin anew in every clone. Rows are only ever added; a person may remove
those of packages that are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from adhere.errors import ConfigError
from adhere.model.advisory import Ledger, Seen
from adhere.model.names import canonical_name
from adhere.policy.decode import Decoder, unknown_schema
from adhere.spans.document import Document

NAME = "ledger.toml"

HEAD = """\
# When each known vulnerability was first seen in this project. Commit this file: the days
# until it has to be gone are counted from here. `adhere check --ledger` adds rows.
schema = 1
"""


class SeenTable(Struct, frozen=True):
    """The keys of a ``[[seen]]``."""

    package: str
    id: str
    first_seen: date


class LedgerTable(Struct, frozen=True):
    """The whole file."""

    schema: int = 1
    seen: tuple[SeenTable, ...] = ()


def read_ledger(text: str, path: str) -> Ledger:
    """The ledger of a project.

    Args:
        text: of the file.
        path: what to call it.

    Raises:
        ConfigError: every mistake of it, with its place.
    """
    root = Document(path, text).root
    decoder = Decoder()
    table = decoder.struct(root, LedgerTable)
    problems = [*decoder.problems, *unknown_schema(root)]
    if problems or table is None:
        raise ConfigError(problems)
    rows = (Seen(canonical_name(row.package), row.id, row.first_seen) for row in table.seen)
    return Ledger(path, tuple(rows))


def written(rows: Iterable[Seen]) -> str:
    """Rows as they stand in the file, each a table of its own: merges do not collide."""
    import json

    return "".join(
        f"\n[[seen]]\npackage = {json.dumps(row.package)}\nid = {json.dumps(row.id)}\n"
        f"first_seen = {row.first_seen.isoformat()}\n"
        for row in rows
    )
