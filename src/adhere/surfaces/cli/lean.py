"""Libraries imported without what they can do without: a third of a warm run is imports.

While such a library is imported, something small stands in for what it asks for, and the
library keeps that. Whoever imports the real thing later gets it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType


def import_msgspec() -> None:
    """Msgspec without ``typing_extensions`` and ``platform``.

    Of the first it takes what ``typing`` has as well, and with it come ``inspect``, ``ast``
    and ``dis``: a tenth of a warm run. Of the second its ``uuid`` takes the system's name.
    """
    stand_ins: dict[str, ModuleType | None] = {"typing_extensions": None}
    if hasattr(os, "uname"):
        stand_ins["platform"] = platform = ModuleType("platform")
        platform.system = lambda: os.uname().sysname  # type: ignore[attr-defined]  # as its own
    _import_without("msgspec", stand_ins)


def import_argparse() -> None:
    """Argparse without ``gettext``, which looks for translations that we have none of."""
    gettext = ModuleType("gettext")
    gettext.gettext = str  # type: ignore[attr-defined]  # the words as they are
    gettext.ngettext = lambda one, many, count: one if count == 1 else many  # type: ignore[attr-defined]  # as its own
    _import_without("argparse", {"gettext": gettext})


def _import_without(name: str, stand_ins: Mapping[str, ModuleType | None]) -> None:
    if name in sys.modules:
        return
    ours = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(ours)  # type: ignore[arg-type]  # None is how Python is told of none
    try:
        import_module(name)
    except (ImportError, AttributeError):  # another version asks for more: it gets that
        pass
    finally:
        for stand_in in ours:
            del sys.modules[stand_in]
