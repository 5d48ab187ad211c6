"""Settings from the environment or one file; the page about them tells of each, and of no other."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zonary.config.configuration import ConfigurationError, load_configuration, unknown_names
from zonary.config.internal_names import INTERNAL
from zonary.config.known_settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
NAMES = {setting.name for setting in SETTINGS}


def loaded(path: Path, text: str, mode: int = 0o600, **environment: str) -> dict[str, str]:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    found = {"ZONARY_CONFIG": str(path), **environment}
    load_configuration(found)
    del found["ZONARY_CONFIG"]
    return found


def test_the_file_says_what_the_environment_does_not(tmp_path: Path) -> None:
    text = """
        url = "https://zone.example"
        database_url = "postgresql://zonary@db.example/zonary"
        document_quota = 5
        open_log = true
        demo = false
        trusted_proxies = ["10.0.0.0/8", "192.0.2.1/32"]
        aws_region = "cn-north-1"
    """
    assert loaded(tmp_path / "zonary.toml", text, ZONARY_URL="https://other.example") == {
        "ZONARY_URL": "https://other.example",
        "ZONARY_DATABASE_URL": "postgresql://zonary@db.example/zonary",
        "ZONARY_DOCUMENT_QUOTA": "5",
        "ZONARY_OPEN_LOG": "1",
        "ZONARY_DEMO": "0",
        "ZONARY_TRUSTED_PROXIES": "10.0.0.0/8,192.0.2.1/32",
        "AWS_REGION": "cn-north-1",
    }
    nothing: dict[str, str] = {}
    load_configuration(nothing)
    assert nothing == {}


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ('data_base_url = "x"', 0o600, "“data_base_url”, which is no setting; did you mean “database_url”?"),
        ('ZONARY_URL = "x"', 0o600, "which is no setting"),
        ("qqqqqqqq = 1", 0o600, "“qqqqqqqq”, which is no setting."),
        ("[url]\na = 1", 0o600, "“url” in .* has to be a text"),
        ("url = 1.5", 0o600, "“url” in .* has to be a text"),
        ("url = [[]]", 0o600, "“url” in .* has to be a text"),
        ('url = "a\\u0000b"', 0o600, "“url” in .* has to be a text"),
        ("url = ", 0o600, "is no TOML"),
        ("url = " + "[" * 5000, 0o600, "is no TOML"),
        ("#" * 300_000, 0o600, "is larger than"),
        ('database_url = "postgresql://a:b@c/d"', 0o644, "holds the secret “database_url”, and others may read it"),
    ],
)
def test_what_is_wrong_with_it_is_told(tmp_path: Path, text: str, mode: int, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as refused:
        loaded(tmp_path / "zonary.toml", text, mode)
    assert "a:b" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load_configuration({"ZONARY_CONFIG": str(tmp_path / "none.toml")})
    command = [sys.executable, "-m", "zonary.cli.main", "serve", "--data", str(tmp_path / "var")]
    environment = {**os.environ, "ZONARY_CONFIG": str(tmp_path / "none.toml"), "ZONARY_LANG": "en"}
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert refused.stderr.startswith("zonary: ZONARY_CONFIG names ")
    assert not (tmp_path / "var").exists()


def test_a_misspelt_name_in_the_environment_is_found() -> None:
    environment = {"ZONARY_DATBASE_URL": "x", "ZONARY_URL": "x", "ZONARY_DATA": "x", "HOME": "x"}
    assert unknown_names(environment, INTERNAL) == [("ZONARY_DATBASE_URL", "ZONARY_DATABASE_URL")]


def test_a_server_takes_it(new_server: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "zonary.toml"
    path.write_text('url = "http://zone.example:8080"\nopen_log = true\n')
    server = new_server(environment={"ZONARY_CONFIG": str(path)})
    server.start()
    assert "http://zone.example:8080/log" in server.get("/trust").body.decode()
    assert server.get("/openlog/vkey").status == 200


def test_every_name_the_code_asks_for_is_known() -> None:
    asked = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name in ("known_settings.py", "internal_names.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                asked |= set(re.findall(r"\A(?:ZONARY|AWS)_[A-Z0-9_]+\Z", node.value))
    assert asked - NAMES - INTERNAL - {"ZONARY_CONFIG"} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_tells_of_every_setting(language: str) -> None:
    """With ``ZONARY_WRITE_SETTINGS_PAGES=1`` the tables are written anew."""
    page = ROOT / "docs" / "operate" / language / "settings.md"
    text = page.read_text("utf-8")
    rows = re.findall(r"^\| `(?:ZONARY|AWS)_.*$", text, re.MULTILINE)
    wanted = [_row(setting, language) for setting in SETTINGS]
    if os.environ.get("ZONARY_WRITE_SETTINGS_PAGES") == "1":
        head, _, rest = text.partition("|---|---|---|---|\n")
        rest = re.sub(r"\A(?:\| `.*\n)*", "", rest)
        page.write_text(head + "|---|---|---|---|\n" + "\n".join(wanted) + "\n" + rest, "utf-8")
        return
    assert rows == wanted


def _row(setting: Any, language: str) -> str:
    meaning = setting.meaning[language == "zh"]
    secret = {"en": "secret", "zh": "机密"}[language] if setting.is_secret else ""
    return f"| `{setting.name}` | `{setting.key}` | {meaning} | {secret or _default(setting.default, language)} |"


def _default(default: str, language: str) -> str:
    words = {
        "random": "随机",
        "found by itself": "自行查找",
        "newest found": "找到的最新版本",
        "data directory": "数据目录",
        "zonary@ and the host of the URL": "zonary@ 加地址中的主机名",
        "locale": "系统语言",
    }
    if not default or default in words:
        return words[default] if default and language == "zh" else default
    return f"`{default}`"
