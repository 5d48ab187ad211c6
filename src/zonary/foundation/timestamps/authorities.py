"""Which timestamp authorities a zone has: a TOML file that ``ZONARY_TIMESTAMPS_FILE`` names; without it, its own alone.

Read when the settings are loaded: what is wrong with it stops the program, for evidence would lack a token in silence.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from zonary.foundation.notifications.rules import Target
from zonary.proof.errors import Error, MalformedError
from zonary.proof.package.further import MAX_FURTHER, is_further_name
from zonary.proof.package.timestamps import read_chain
from zonary.proof.timestamp.algorithms import oid

OWN: Final = "own"
"""The built-in authority, as it is called in the file."""
SM2: Final = "sm2"
"""The built-in one that signs with SM2 over SM3, in the background alone."""
LOCAL: Final = frozenset((OWN, SM2))
"""Authorities this server has itself, so that nobody outside is asked."""
MAX_FILE_BYTES: Final = 256 * 1024
MAX_PASSWORD_BYTES: Final = 4096
_KEYS: Final = frozenset(
    ("name", "local", "url", "roots", "policy", "user", "password_file", "ca", "inside", "operator")
)


class AuthoritiesError(Error):
    """The authorities in the settings cannot be used as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """An RFC 3161 authority elsewhere.

    :ivar roots: DER certificates; one of them has to stand behind its tokens.
    :ivar policy: dotted object identifier its tokens must bear; empty for whatever it uses.
    :ivar credentials: value of the ``Authorization`` header; empty for none.
    :ivar operator: who runs it, as trust files name them; empty where it is the only one that they run.
    :ivar ca: file of certificates to trust for its TLS beside the system's.
    """

    name: str
    target: Target
    roots: tuple[bytes, ...] = field(repr=False)
    policy: str = ""
    credentials: str = field(default="", repr=False)
    ca: str = ""
    operator: str = ""

    @property
    def place(self) -> str:
        """``host:port``."""
        return f"{self.target.host}:{self.target.port}"


@dataclass(frozen=True, slots=True)
class Local:
    """An authority of this server; ``kind`` is one of :data:`LOCAL`."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Authorities:
    """All of them, in the order in which they are asked; and of how many operators some have to have signed."""

    entries: tuple[External | Local, ...] = (Local(OWN, OWN),)
    required: int = 1

    @property
    def first_local(self) -> Local | None:
        """The one that makes the two tokens of a package at once, if there is one."""
        return next((each for each in self.entries if isinstance(each, Local) and each.kind == OWN), None)

    @property
    def has_sm2(self) -> bool:
        """Whether this server's SM2 authority is among them."""
        return any(isinstance(each, Local) and each.kind == SM2 for each in self.entries)

    @property
    def further(self) -> tuple[External | Local, ...]:
        """Those asked in the background."""
        return tuple(each for each in self.entries if each is not self.first_local)

    def operator_of(self, name: str) -> str:
        """Who runs the authority ``name``; both of this server are its operator's."""
        for each in self.entries:
            if each.name == name:
                return OWN if isinstance(each, Local) else f"{each.operator or each.name} elsewhere"
        return f"{name} elsewhere"

    @property
    def external(self) -> tuple[External, ...]:
        return tuple(each for each in self.entries if isinstance(each, External))


def read_authorities(environment: Mapping[str, str]) -> Authorities:
    """The authorities that ``environment`` names.

    :raises AuthoritiesError: naming what is wrong, and where; a password is never repeated.
    """
    path = environment.get("ZONARY_TIMESTAMPS_FILE", "")
    entries = _entries(Path(path).absolute()) if path else Authorities().entries
    operators = {Authorities(entries).operator_of(each.name) for each in entries}
    text = environment.get("ZONARY_TIMESTAMPS_REQUIRED", "") or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= len(operators):
        raise AuthoritiesError(
            "ZONARY_TIMESTAMPS_REQUIRED is {text}, but has to be a number from 1 to {count}: so many operators of "
            "timestamp authorities are configured.",
            text=text,
            count=len(operators),
        )
    return Authorities(entries, int(text))


def _entries(path: Path) -> tuple[External | Local, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        values = tomllib.loads(data.decode("utf-8")) if len(data) <= MAX_FILE_BYTES else {}
    except OSError as error:
        raise AuthoritiesError(
            "ZONARY_TIMESTAMPS_FILE names {path}, which cannot be read: {reason}.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from None
    except (ValueError, RecursionError) as error:
        raise AuthoritiesError("{path} is no TOML: {reason}", path=str(path), reason=str(error)) from None
    tables = values.get("authority")
    if set(values) != {"authority"} or not isinstance(tables, list) or not 1 <= len(tables) <= MAX_FURTHER + 1:
        raise AuthoritiesError(
            "{path} has to hold tables called [[authority]] and nothing else, at least 1 and at most {limit}.",
            path=str(path),
            limit=MAX_FURTHER + 1,
        )
    entries = tuple(_entry(path, table) for table in tables)
    names = [each.name for each in entries]
    if len(set(names)) != len(names):
        raise AuthoritiesError("{path} gives two authorities the same name.", path=str(path))
    if all(isinstance(each, Local) and each.kind == SM2 for each in entries):
        raise AuthoritiesError(
            "{path} names no authority that makes a package's own two tokens: one of SM2 only adds to them. Name "
            "“own”, or one elsewhere, too.",
            path=str(path),
        )
    return entries


def _entry(path: Path, table: object) -> External | Local:
    values = table if isinstance(table, dict) else {}
    name = values.get("name")
    if not isinstance(name, str) or not is_further_name(name):
        raise AuthoritiesError(
            "An authority in {path} has no name of 1 to 40 small letters, digits and hyphens.", path=str(path)
        )
    unknown = sorted(set(values) - _KEYS)
    if unknown:
        raise AuthoritiesError(
            "The authority “{name}” in {path} has “{key}”, which is not known.",
            name=name, path=str(path), key=unknown[0],
        )  # fmt: skip
    try:
        return _local(name, values) if "local" in values else _external(name, values, path.parent)
    except _Wrong as wrong:
        raise AuthoritiesError(
            "The authority “{name}” in {path}: {reason}", name=name, path=str(path), reason=wrong
        ) from None


class _Wrong(Error):
    """What is wrong with one authority."""


def _local(name: str, values: Mapping[str, object]) -> Local:
    kind = values["local"]
    if kind not in LOCAL or set(values) != {"name", "local"}:
        raise _Wrong(
            "“local” has to be one of: {kinds}; and nothing else stands beside it.", kinds=", ".join(sorted(LOCAL))
        )
    return Local(name, str(kind))


def _external(name: str, values: Mapping[str, object], folder: Path) -> External:
    inside = values.get("inside", False)
    if not isinstance(inside, bool):
        raise _Wrong("“inside” has to be true or false.")
    texts = {
        key: _text(key, values.get(key, "")) for key in ("url", "policy", "user", "password_file", "ca", "operator")
    }
    target = _target(texts["url"], is_inside=inside)
    if texts["policy"]:
        try:
            oid(texts["policy"])
        except MalformedError as error:
            raise _Wrong("“policy” is no object identifier.") from error
    if texts["operator"] and not is_further_name(texts["operator"]):
        raise _Wrong("“operator” has to be 1 to 40 small letters, digits and hyphens.")
    return External(
        name=name,
        target=target,
        roots=_roots(values.get("roots"), folder),
        policy=texts["policy"],
        credentials=_credentials(texts["user"], texts["password_file"], folder, target),
        ca=str(_existing(folder / texts["ca"])) if texts["ca"] else "",
        operator=texts["operator"],
    )


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("“{key}” has to be a text.", key=key)
    return value


def _target(url: str, *, is_inside: bool) -> Target:
    """Unencrypted is as good: a token is signed, and a digest says nothing. A password is another matter."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = SplitResult("", "", "", "", ""), "", None
    is_plain = url.isascii() and url.isprintable() and " " not in url and parts.username is None and not parts.fragment
    if parts.scheme not in ("http", "https") or not host or not is_plain or port == 0:
        raise _Wrong("“url” has to be an address such as https://tsa.example/tsr, without a user in it.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    return Target(secure, host, port or (443 if secure else 80), path, is_inside)


def _roots(value: object, folder: Path) -> tuple[bytes, ...]:
    names = value if isinstance(value, list) else []
    if not names or not all(isinstance(each, str) for each in names):
        raise _Wrong("“roots” has to list files with the certificates that its tokens must lead to.")
    found = [der for each in names for der in _certificates(_existing(folder / str(each)))]
    return tuple(dict.fromkeys(found))


def _certificates(path: Path) -> list[bytes]:
    from zonary.proof.timestamp.certificates import Certificate

    try:
        with path.open("rb") as file:
            ders = read_chain(file.read(MAX_FILE_BYTES), path.name)
        return [Certificate.load(der).der for der in ders]
    except (OSError, Error) as error:
        reason = error if isinstance(error, Error) else f"{error.strerror or error}."
        raise _Wrong("{path} holds no certificates that can be read: {reason}", path=str(path), reason=reason) from None


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise _Wrong("there is no file {path}.", path=str(path))
    return path


def _credentials(user: str, password_file: str, folder: Path, target: Target) -> str:
    if bool(user) != bool(password_file):
        raise _Wrong("“user” and “password_file” belong together.")
    if not user:
        return ""
    if not target.is_secure and not target.is_allowed:
        raise _Wrong("a password is sent over https alone.")
    path = _existing(folder / password_file)
    try:
        with path.open("rb") as file:
            password = file.read(MAX_PASSWORD_BYTES).strip()
    except OSError as error:
        raise _Wrong("{path} cannot be read: {reason}.", path=str(path), reason=error.strerror or str(error)) from None
    if not password or ":" in user:
        raise _Wrong("{path} holds no password, or the name of the user has a colon in it.", path=str(path))
    return "Basic " + base64.b64encode(user.encode("utf-8") + b":" + password).decode("ascii")
