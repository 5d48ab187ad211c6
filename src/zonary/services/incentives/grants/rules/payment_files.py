"""The payment file: the bytes a bank is handed, and what it answers, line by line. See specs/payment-file.md."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zonary.common.csv_export import csv_bytes
from zonary.proof.errors import Error
from zonary.services.incentives.grants.rules.accounts import Account

HEADER: Final = ("批次", "序号", "收款人", "开户行", "账号", "金额（元）", "用途", "发放编号")
SUM: Final = "合计"
MAX_LINES: Final = 5_000
MAX_WRONG: Final = 20
"""Lines of an answer that are named; there may be thousands."""
_PAID: Final = frozenset(("成功", "paid"))
_FAILED: Final = frozenset(("失败", "failed"))
_YUAN: Final = re.compile(r"(0|[1-9][0-9]{0,12})\.([0-9]{2})")


class ResultsError(Error):
    """What a bank answered does not fit the file it was asked about; nothing of it was taken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One payment: ``amount`` in fen; ``account`` is None where the file is shown without accounts."""

    number: int
    grant: str
    amount: int
    account: Account | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one payment; ``reason`` in the bank's words where it failed."""

    number: int
    grant: str
    is_paid: bool
    reason: str


def payment_file(batch: str, purpose: str, lines: Sequence[Line]) -> bytes:
    """The file, the same bytes whenever the same lines are given.

    :param batch: its number, as people call it.
    """
    rows: list[Sequence[object]] = [HEADER]
    for each in lines:
        account = each.account
        shown = ("", "", "") if account is None else (account.payee, account.bank, account.number)
        rows.append((batch, each.number, *shown, yuan(each.amount), purpose, each.grant))
    rows.append((SUM, len(lines), "", "", "", yuan(sum(each.amount for each in lines)), "", ""))
    return b"".join(csv_bytes(rows))


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def yuan(fen: int) -> str:
    """``1234.50``: always two places, no separators."""
    return f"{fen // 100}.{fen % 100:02d}"


def fen_of(text: str) -> int | None:
    """What :func:`yuan` wrote, or a person with ``,`` between thousands; None for what is no such amount."""
    found = _YUAN.fullmatch(text.strip().replace(",", ""))
    return None if found is None else int(found[1]) * 100 + int(found[2])


def read_results(rows: Iterable[tuple[int, dict[str, str]]], lines: Sequence[Line]) -> list[Result]:
    """What a bank answered, held against the lines it was asked to pay; a line may still be missing.

    :param rows: number as a spreadsheet counts, and cells by field: ``line``, ``grant``, ``amount``, ``result``,
        ``reason``.
    :raises ResultsError: naming each row that does not fit.
    """
    asked, found, wrong = {str(each.number): each for each in lines}, dict[str, Result](), list[str]()
    for row, cells in rows:
        line = asked.get(cells.get("line", "").strip())
        if line is None and cells.get("line", "").strip() in ("", SUM, str(len(lines))) and not cells.get("grant", ""):
            continue  # the sum, as it stood in the file
        result = _result(line, cells)
        if result is None or result.grant in found:
            wrong.append(str(row))
        else:
            found[result.grant] = result
    if wrong:
        raise ResultsError(
            "{count} rows do not fit the payment file: {rows}. Each names a line of it once, with its grant id, its "
            "amount, and 成功 or 失败. Nothing was taken.",
            count=len(wrong),
            rows=", ".join(wrong[:MAX_WRONG]) + (" …" if len(wrong) > MAX_WRONG else ""),
        )
    if not found:
        raise ResultsError("The file has no line of this payment file. Nothing was taken.")
    return sorted(found.values(), key=lambda each: each.number)


def _result(line: Line | None, cells: dict[str, str]) -> Result | None:
    said = cells.get("result", "").strip().casefold()
    if line is None or cells.get("grant", "").strip() != line.grant or said not in _PAID | _FAILED:
        return None
    amount = cells.get("amount", "")
    if amount.strip() and fen_of(amount) != line.amount:
        return None
    reason = " ".join(cells.get("reason", "").split())[:200]
    return Result(line.number, line.grant, said in _PAID, "" if said in _PAID else reason)
