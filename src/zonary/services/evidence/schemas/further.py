"""Tokens of further timestamp authorities, as they go out over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.proof.package.further import FurtherToken
from zonary.proof.timestamp.token import TimestampToken


class FurtherTokenOut(BaseModel):
    """`token` is a TimeStampToken over the statement (DER, in base64), `chain` the authority's certificates in PEM."""

    name: str
    time: datetime
    token: str
    chain: str


class FurtherOut(BaseModel):
    """What is there of other timestamp authorities, and how many are still waited for."""

    items: list[FurtherTokenOut]
    waiting: int


def further_out(tokens: Iterable[FurtherToken], waiting: int) -> dict[str, object]:
    items = [
        {
            "name": each.name,
            "time": rfc3339(TimestampToken.parse(each.token).gen_time),
            "token": base64.b64encode(each.token).decode("ascii"),
            "chain": each.chain.decode("ascii"),
        }
        for each in tokens
    ]
    return {"items": items, "waiting": waiting}
