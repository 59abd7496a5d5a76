"""Documentation that ships with the program: a page for each code and check kind."""

from __future__ import annotations

import os
from importlib.resources import files

SECTIONS = ("codes", "checks")


def documents_folder() -> str:
    """Where the pages are: in a wheel ``adhere/_docs``, in a checkout its ``docs``."""
    packaged = files("adhere") / "_docs"
    if packaged.is_dir():
        return str(packaged)
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.normpath(os.path.join(here, "..", "..", "..", "docs"))


def read_document(section: str, name: str) -> str | None:
    """The page of a code or kind, without its front matter; ``None`` when there is none."""
    path = os.path.join(documents_folder(), section, f"{name}.md")
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.startswith("---\n"):
        text = text.partition("\n---\n")[2]
    return text.strip() + "\n"
