"""The file of authorities: what it may say, and that whatever is wrong with it stops the program in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the application needs the [web] extra")

from zonary.foundation.timestamps.authorities import (
    OWN,
    Authorities,
    AuthoritiesError,
    External,
    Local,
    read_authorities,
)
from zonary.proof.timestamp.development import create_development_authority

NOTARY = 'name = "notary"\nurl = "https://tsa.example/tsr"\nroots = ["root.pem"]\n'


@pytest.fixture(scope="module")
def root() -> bytes:
    return create_development_authority("Notary", datetime.now(UTC)).root_pem


@pytest.fixture
def folder(tmp_path: Path, root: bytes) -> Path:
    (tmp_path / "root.pem").write_bytes(root)
    (tmp_path / "password").write_text("geheim\n")
    return tmp_path


def read(folder: Path, text: str, required: str = "") -> Authorities:
    (folder / "authorities.toml").write_text(text)
    path = str(folder / "authorities.toml")
    return read_authorities({"ZONARY_TIMESTAMPS_FILE": path, "ZONARY_TIMESTAMPS_REQUIRED": required})


def test_without_a_file_the_built_in_one_is_all_there_is() -> None:
    found = read_authorities({})
    assert (found.entries, found.required, found.further) == ((Local(OWN, OWN),), 1, ())


def test_authorities_are_read_in_their_order_with_all_they_need(folder: Path) -> None:
    text = (
        f'[[authority]]\n{NOTARY}policy = "1.2.3.4"\nuser = "zone"\npassword_file = "password"\n'
        '[[authority]]\nname = "own"\nlocal = "own"\n'
        '[[authority]]\nname = "inside"\nurl = "http://10.1.2.3:3161/"\nroots = ["root.pem"]\ninside = true\n'
    )
    found = read(folder, text, "3")
    notary, own, inside = found.entries
    assert isinstance(notary, External)
    assert isinstance(inside, External)
    assert (notary.place, notary.target.is_secure, notary.policy) == ("tsa.example:443", True, "1.2.3.4")
    assert (inside.place, inside.target.is_allowed) == ("10.1.2.3:3161", True)
    assert (found.first_local, found.further, found.required) == (own, (notary, inside), 3)
    assert len(notary.roots) == 1
    assert notary.credentials.startswith("Basic ")
    assert "geheim" not in repr(found)
    assert notary.credentials not in repr(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "no TOML"),
        ("x = 1", "has to hold tables called [[authority]]"),
        ('[[authority]]\nname = "Notary"\n', "no name"),
        (f"[[authority]]\n{NOTARY}\n[[authority]]\n{NOTARY}", "the same name"),
        (f"[[authority]]\n{NOTARY}polcy = '1.2'\n", "“polcy”, which is not known"),
        (f"[[authority]]\n{NOTARY}policy = 'x'\n", "no object identifier"),
        (f"[[authority]]\n{NOTARY}inside = 'yes'\n", "true or false"),
        (f"[[authority]]\n{NOTARY}user = 'zone'\n", "belong together"),
        (f"[[authority]]\n{NOTARY}user = 'zone'\npassword_file = 'missing'\n", "there is no file"),
        ('[[authority]]\nname = "a"\nurl = "ftp://tsa.example/"\nroots = ["root.pem"]\n', "“url”"),
        ('[[authority]]\nname = "a"\nurl = "https://u:p@tsa.example/"\nroots = ["root.pem"]\n', "without a user in it"),
        ('[[authority]]\nname = "a"\nurl = "https://tsa.example/"\n', "“roots”"),
        ('[[authority]]\nname = "a"\nurl = "https://tsa.example/"\nroots = ["password"]\n', "no certificates"),
        (
            '[[authority]]\nname = "a"\nurl = "http://tsa.example/"\nroots = ["root.pem"]\nuser = "z"\n'
            'password_file = "password"\n',
            "over https alone",
        ),
        ('[[authority]]\nname = "own"\nlocal = "gm2"\n', "“local” has to be one of"),
    ],
)
def test_whatever_is_wrong_is_said_and_stops(folder: Path, text: str, words: str) -> None:
    with pytest.raises(AuthoritiesError) as caught:
        read(folder, text)
    assert words in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("required", ["0", "2", "x", "-1", "１"])
def test_more_than_there_are_cannot_be_required(required: str) -> None:
    with pytest.raises(AuthoritiesError, match="from 1 to 1"):
        read_authorities({"ZONARY_TIMESTAMPS_REQUIRED": required})


def test_a_file_that_is_not_there_stops(tmp_path: Path) -> None:
    with pytest.raises(AuthoritiesError, match="cannot be read"):
        read_authorities({"ZONARY_TIMESTAMPS_FILE": str(tmp_path / "missing")})


def test_the_built_in_one_of_sm2_only_adds_to_a_package(folder: Path) -> None:
    sm2 = '[[authority]]\nname = "guomi"\nlocal = "sm2"\n'
    found = read(folder, sm2 + '[[authority]]\nname = "own"\nlocal = "own"\n')
    guomi, own = found.entries
    assert (found.first_local, found.further, found.has_sm2) == (own, (guomi,), True)
    with pytest.raises(AuthoritiesError, match="package's own two tokens"):
        read(folder, sm2)
