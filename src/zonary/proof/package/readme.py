"""The README inside every package: how to check it without Zonary."""

from __future__ import annotations

import string
from collections.abc import Sequence

from zonary.proof.package.container import STATEMENT

_TEXT = string.Template("""\
存证包 / EVIDENCE PACKAGE (ASiC-E, Zonary package 1)
====================================================

这是什么：statement.json 是一份加盐声明，只写明清单的两个根（SHA-256、SM3）；它的哈希值已写入日志 $origin。
manifest.jsonl（或只披露部分文件时的 disclosure.json）逐条列出文件的名称、大小、哈希值和盐。文件本身不在包内。
请妥善保存本包：盐丢失后，任何人都无法再证明这次存证。

能证明什么：文件自时间戳所示时间起未被改动，且声明已进入该日志。
不能证明什么：作者是谁、内容是否真实、此前是否已有他人持有。存证不等于专利申请。

不用本软件的核验步骤（解压后，在解压目录内执行）：
  1. 文件与清单：sha256sum 文件，与清单中 "sha256" 比较。
  2. 时间戳：见下方 openssl 命令。timestamp/ca.pem 只供阅读；可信的根证书应另行向运营方或第三方取得。
  3. 日志：见下方命令得到日志叶；用任一 C2SP 核验工具检查 log/statement.tlog-proof。公钥应另行取得。

What this is: statement.json is a salted statement that names nothing but the two roots (SHA-256, SM3) of a manifest;
its digests stand in the log $origin. manifest.jsonl (or disclosure.json, when only some files are
disclosed) lists each file's name, size, digests and salt. The files themselves are not in here. Keep this package:
without its salts nobody can prove this seal again.

What it proves: the files are unchanged since the time in the timestamps, and the statement is in that log.
What it does not prove: who made them, that their content is true, or that nobody had them earlier.
A seal is not a patent application.

Checking it without this software (unpack it, then in that folder):
  1. file and manifest
     sha256sum FILE                       # compare with "sha256" in the manifest
     openssl dgst -sm3 FILE               # compare with "sm3"
  2. timestamps (take the authority's root from somewhere you trust, not from here)
     openssl ts -verify -data $covered -in "timestamp/$token.tsr" -CAfile timestamp/ca.pem
     openssl ts -verify -data META-INF/ASiCManifest.xml -in META-INF/timestamp.tst -token_in -CAfile timestamp/ca.pem
$further     # META-INF/ASiCManifest.xml holds the SHA-256 of statement.json in base64:
     openssl dgst -sha256 -binary statement.json | openssl base64
     # years later, when certificates have expired, add: -attime SECONDS (the time in the token)
  3. log
     { printf 'zonary-leaf/1 evidence\\n'; openssl dgst -sha256 -binary statement.json
       openssl dgst -sm3 -binary statement.json; } > leaf
     # then any verifier of C2SP tlog-proof, with the log's key from somewhere you trust:
     #   log/statement.tlog-proof over the entry "leaf"
  or all of it at once: zonary verify PACKAGE FILE
""")


_FURTHER = """\
     # and of further authorities (更多时间戳机构), each over the statement itself; for one that signs with SM2 take a
     # tool that knows SM2 (SM2 签名须用支持国密的工具):
"""


def readme(*, origin: str, token: str, further: Sequence[str] = ()) -> bytes:
    """The README of a package.

    :param token: the stem of its ``timestamp/*.tsr``.
    :param further: names of the further authorities in ``timestamps/``; without any it is what it always was.
    """
    covered = token if token == STATEMENT else "FILE"
    lines = "".join(
        f"     openssl ts -verify -data {STATEMENT} -in timestamps/{name}.tst -token_in -CAfile timestamps/{name}.pem\n"
        for name in sorted(further)
    )
    text = _TEXT.substitute(origin=origin, token=token, covered=covered, further=_FURTHER + lines if lines else "")
    return text.encode("utf-8")
