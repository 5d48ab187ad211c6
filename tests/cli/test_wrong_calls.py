"""A call that is wrong is told in one sentence of the reader's language, and ends with 2."""

from __future__ import annotations

import re

import pytest

from zonary.cli.main import main

CALLS = [
    ("foo", "there is no command “foo”", "没有“foo”这个命令"),
    ("fo'o", "there is no command “fo'o”", "没有“fo'o”这个命令"),
    ("trust foo", "there is no command “foo”", "没有“foo”这个命令"),
    ("keys foo", "there is no command “foo”", "没有“foo”这个命令"),
    ("backup", "one of these is needed: --to --make-key", "须给出其中一项：--to --make-key"),
    (
        "restore x",
        "one of these is needed: --identity --passphrase-file",
        "须给出其中一项：--identity --passphrase-file",
    ),
    ("backup --to x --make-key y", "--make-key and --to cannot be given together", "--make-key 与 --to 不能同时使用"),
    ("backup --to", "--to needs a value", "--to 之后须写明取值"),
    ("restore", "these arguments are missing: FILE", "缺少参数：FILE"),
    ("seal x --nonsense", "these arguments are not known: --nonsense", "无法识别的参数：--nonsense"),
    ("serve --port x", "--port needs a whole number, not “x”", "--port 须为整数，不能是“x”"),
    ("seal --lang fr x", "--lang is one of zh, en", "--lang 只能是 zh, en"),
    ("serve --d", "--d can mean any of --data, --demo", "--d 可指多项：--data, --demo，请写全"),
]


@pytest.mark.parametrize("call", CALLS, ids=[each[0] for each in CALLS])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_call(call: tuple[str, str, str], language: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, english, chinese = call
    with pytest.raises(SystemExit) as ended:
        main(["--lang", language, *words.split()])
    assert ended.value.code == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert told.count("\n") == 1
    wanted = english if language == "en" else f"命令有误：{chinese}"
    assert told.startswith(f"zonary: {wanted}"), told
    if language == "zh":
        said = re.sub(r"--[a-z-]+|“.*?”|FILE|zonary|zh|en", "", told)
        assert not re.search(r"[A-Za-z]{3,}", said), told
