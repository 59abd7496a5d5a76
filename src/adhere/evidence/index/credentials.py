"""User and password for a host: netrc, and keyring for a host that asks for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from adhere.evidence.address import Login, Origin
from adhere.evidence.index import look
from adhere.evidence.index.said import unreadable

_PATIENCE = 10.0  # of a keyring that may have to ask its user


def from_netrc(environ: Mapping[str, str], home: str, origin: Origin) -> Login | None:
    """What the user's netrc file says of a host.

    Args:
        environ: ``NETRC`` names another file.
        home: the user's folder.
        origin: whom it is for.

    Raises:
        ConfigError: the file cannot be read.
    """
    names = ("_netrc", ".netrc") if sys.platform == "win32" else (".netrc",)
    paths = [environ["NETRC"]] if environ.get("NETRC") else [os.path.join(home, n) for n in names]
    path = next((path for path in paths if look.is_file(path)), "")
    if not path:
        return None
    import netrc

    try:
        found = netrc.netrc(path).authenticators(origin.host)
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError):
        raise unreadable(path, "mend it, or unset NETRC") from None
    return Login(found[0] or found[1] or "", found[2] or "") if found else None


async def from_keyring(origin: Origin, user: str) -> Login | None:
    """What the user's keyring says of a host; without a keyring, nothing.

    The library is asked where it is installed beside us, otherwise the command.

    Args:
        origin: whom it is for.
        user: whose password is wanted, ``""`` when that is not known either.
    """
    import asyncio
    from importlib.util import find_spec

    if find_spec("keyring") is not None:
        asking = asyncio.to_thread(_from_library, str(origin), user)
        try:
            return await asyncio.wait_for(asking, _PATIENCE)
        except TimeoutError:
            return None
    import shutil

    command = shutil.which("keyring")
    return await _from_command(command, str(origin), user) if command else None


def _from_library(service: str, user: str) -> Login | None:
    import importlib

    keyring = importlib.import_module("keyring")
    try:
        found = keyring.get_credential(service, user or None)
    except Exception:  # noqa: BLE001 - backends raise whatever they like; then nobody knows
        return None
    return Login(found.username, found.password) if found is not None else None


async def _from_command(command: str, service: str, user: str) -> Login | None:
    import asyncio
    import json

    words = (
        ["get", service, user] if user else ["--mode", "creds", "--output", "json", "get", service]
    )
    process = await asyncio.create_subprocess_exec(
        command,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _PATIENCE)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        return None
    text = output.decode("utf-8", "replace").strip()
    if user:
        return Login(user, text) if text else None
    try:
        found = json.loads(text)
        return Login(str(found["username"]), str(found["password"]))
    except (ValueError, KeyError, TypeError):
        return None
