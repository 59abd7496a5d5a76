"""Where decisions and their rules are kept, for a run that may have none."""

from __future__ import annotations

from adhere.policy.settings import Adr, ConfigTable
from adhere.ports import Tree

DOCUMENTS = "*.md"
RULE_FILES = "**/*.rules.toml"


def keeps_decisions(config: ConfigTable, tree: Tree) -> bool:
    """Whether there is a folder of decisions; one that was named has to be there."""
    folder = config.adr.dir.rstrip("/")
    return folder != Adr().dir or any(
        tree.matching(f"{folder}/{pattern}", entries=True) for pattern in (DOCUMENTS, RULE_FILES)
    )
