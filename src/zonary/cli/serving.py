"""What ``zonary serve`` tells its user: the token, kept for them, and once it answers, where things are."""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from zonary.cli.config_home import store_token
from zonary.common.language import _, say
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

_POLL_SECONDS = 0.1
_DEFAULT_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Everything there is to say."""

    url: str
    host: str
    port: int
    data: DataDirectory
    origin: str
    kept: str
    """What became of keeping the token for this user."""
    is_demo: bool


def keep_token(url: str, token: str) -> str:
    """Keep the token where the other commands look for it; returns what to say about that.

    A server that cannot (no home, read-only) serves all the same.
    """
    try:
        path = store_token(url, token)
    except (OSError, Error) as error:
        reason = say(error) if isinstance(error, Error) else f"{error.filename}: {error.strerror}"
        return _("(the token could not be kept for you: {reason}; use --token-file)", reason=reason)
    return _("              kept for you in {path}", path=str(path))


def announce_when_ready(announcement: Announcement, stopping: threading.Event) -> None:
    """Wait until the server answers, then print what there is to know."""
    while not _answers(announcement):
        if stopping.wait(_POLL_SECONDS):
            return
    print("\n".join(_lines(announcement)), flush=True)


def _answers(announcement: Announcement) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(announcement.host, announcement.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, announcement.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _lines(announcement: Announcement) -> list[str]:
    url, data = announcement.url, announcement.data
    zonary = _command()
    server = "" if url == _DEFAULT_URL else f" --server {url}"
    own = "" if data.path == Path("var").absolute() else f" --data {shlex.quote(str(data.path))}"
    published = f" --url {url}/log --trust {shlex.quote(str(data.trust))}"
    log = published if os.environ.get("ZONARY_STORE") else own
    file, package = _("FILE_OR_FOLDER"), _("NAME.zonary")
    lines = [
        _("Zonary is running: {url}", url=url),
        *(_demonstration(url) if announcement.is_demo else ()),
        "  " + _("data:         {path}", path=str(data.path)),
        "  " + _("log:          {origin}", origin=announcement.origin),
        "  " + _("access token: {path}", path=str(data.token)),
        "  " + announcement.kept,
        "  " + _("timestamps:   by a DEVELOPMENT authority, no trusted timestamps yet"),
    ]
    if data.open_log.is_dir() and os.environ.get("ZONARY_OPEN_LOG") == "1":
        vkey = data.open_log_vkey.read_text("ascii").strip()
        lines.append("  " + _("open log:     {url}, key {vkey}", url=f"{url}/openlog/", vkey=vkey))
    return [
        *lines,
        "",
        _("What to type next, in another terminal:"),
        f"  {zonary} seal {file}{server}",
        f"  {zonary} verify {package} {file}",
        f"  {zonary} fsck{log}",
        "",
        _("Stop with Ctrl-C."),
    ]


def _demonstration(url: str) -> list[str]:
    return [
        _("This is a demonstration: a made-up area, and nobody in it is real."),
        _("Open {url} in a browser and choose who you are; no password is needed.", url=url),
        "",
    ]


def _command() -> str:
    """How the reader calls this program: by its name if that finds it, else by its path."""
    here = Path(sys.executable).with_name("zonary")
    found = shutil.which("zonary")
    if not here.exists() or (found and Path(found).samefile(here)):
        return "zonary"
    try:
        return shlex.quote(str(here.relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(here))
