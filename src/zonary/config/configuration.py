"""The configuration file: what could stand in the environment, in one TOML file that ``ZONARY_CONFIG`` names.

Loaded before anything asks for a setting; the environment goes first. Whatever is wrong with it stops the program: a
setting that is misspelt must not quietly be none.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Final

from zonary.config.known_settings import BY_KEY, SETTINGS
from zonary.proof.errors import Error

FILE: Final = "ZONARY_CONFIG"
MAX_BYTES: Final = 256 * 1024


class ConfigurationError(Error):
    """The configuration file cannot be used as it is."""


def load_configuration(environment: MutableMapping[str, str]) -> None:
    """Add to ``environment`` what the file says and ``environment`` does not; nothing when no file is named.

    :raises ConfigurationError: when it cannot be read, is no TOML, holds an unknown name or value, or secrets that
        others may read.
    """
    path = environment.get(FILE, "")
    if not path:
        return
    for key, value in _read(Path(path)).items():
        setting = BY_KEY.get(key)
        if setting is None:
            raise _unknown(path, key)
        environment.setdefault(setting.name, _text(path, key, value))


def unknown_names(environment: MutableMapping[str, str], also: frozenset[str]) -> list[tuple[str, str]]:
    """Names in ``environment`` that look like settings and are none, each with the nearest that is one, or nothing.

    :param also: names that are no settings, and known.
    """
    known = {setting.name for setting in SETTINGS} | also | {FILE}
    found = sorted(name for name in environment if name.startswith("ZONARY_") and name not in known)
    return [(name, _nearest(name, known)) for name in found]


def _read(path: Path) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            is_private = not os.fstat(file.fileno()).st_mode & 0o077
            data = file.read(MAX_BYTES + 1)
        values = tomllib.loads(data.decode("utf-8")) if len(data) <= MAX_BYTES else None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(
            "ZONARY_CONFIG names {path}, which cannot be read: {reason}.", path=str(path), reason=reason
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigurationError("{path} is no TOML: {reason}", path=str(path), reason=str(error)) from None
    if values is None:
        raise ConfigurationError("{path} is larger than a file of settings can be.", path=str(path))
    secret = next((key for key in values if key in BY_KEY and BY_KEY[key].is_secret), None)
    if secret is not None and not is_private:
        raise ConfigurationError(
            "{path} holds the secret “{name}”, and others may read it. Type: chmod 600 {path}",
            path=str(path),
            name=secret,
        )
    return values


def _text(path: str, key: str, value: object) -> str:
    """``value`` as it would stand in the environment."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) and "\0" not in part for part in parts):
        raise ConfigurationError(
            "“{name}” in {path} has to be a text, a whole number, true or false, or a list of texts.",
            name=key,
            path=path,
        )
    return ",".join(map(str, parts))


def _unknown(path: str, key: str) -> ConfigurationError:
    nearest = _nearest(key, BY_KEY)
    if nearest:
        return ConfigurationError(
            "{path} holds “{name}”, which is no setting; did you mean “{nearest}”?",
            path=path,
            name=key,
            nearest=nearest,
        )
    return ConfigurationError("{path} holds “{name}”, which is no setting.", path=path, name=key)


def _nearest(name: str, known: Iterable[str]) -> str:
    matches = difflib.get_close_matches(name, sorted(known), n=1)
    return matches[0] if matches else ""
