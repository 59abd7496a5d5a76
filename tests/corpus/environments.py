"""Environments made for tests: folders with metadata, as installers leave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

MIT = """MIT License

Copyright (c) 2026 Somebody

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def site_packages(root: Path, python: str = "3.12") -> Path:
    """An empty virtual environment; its site-packages folder."""
    folder = root / "lib" / f"python{python}" / "site-packages"
    folder.mkdir(parents=True)
    (root / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}.1\n", "utf-8"
    )
    return folder


def distribution(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    license: str | None = "MIT",  # noqa: A002 - the field's name
    fields: Iterable[str] = (),
    requires: Iterable[str] = (),
    files: Mapping[str, str | bytes] | None = None,
    requested: bool = False,
    body: str = "",
) -> Path:
    """A ``.dist-info`` folder.

    Args:
        folder: site-packages folder.
        name: as its author spells it.
        version: of it.
        license: ``License-Expression``; ``None`` for none.
        fields: further lines of the header, ``License: BSD``.
        requires: values of ``Requires-Dist``.
        files: content by path below the folder.
        requested: an installer was asked for it by name.
        body: the description.
    """
    folder = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
    if license is not None:
        lines.append(f"License-Expression: {license}")
    lines += fields
    lines += [f"Requires-Dist: {line}" for line in requires]
    (folder / "METADATA").write_text("\n".join(lines) + f"\n\n{body}", "utf-8")
    (folder / "INSTALLER").write_text("pip\n", "utf-8")
    if requested:
        (folder / "REQUESTED").touch()
    for path, content in (files or {}).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
