"""One's inbox: parse, call one action or query, answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.notifications.inbox.actions import Chosen, choose_channels
from zonary.foundation.notifications.inbox.messages import mark_all_read, mark_read
from zonary.foundation.notifications.inbox.queries import choices_of, inbox, names_in, unread, wishes_of
from zonary.foundation.notifications.inbox.schemas import (
    ChoicesIn,
    ChoicesOut,
    MessagesOut,
    choices_out,
    message_out,
)
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.foundation.organizations.scopes import SIGNED_IN

router = Router(tags=["inbox"])
_READ, _MARK = needs("inbox:read"), needs("inbox:write")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_ADDRESS = "/api/v1/inbox"
_LOOKED = frozenset({401, 403, 404, 422})
_ASKED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})
_TAKES = takes(ChoicesIn)


@router.get("", auth=_READ, response={200: MessagesOut, _LOOKED: ProblemOut}, summary="What you are told, newest first")
def messages(request: HttpRequest, all: bool = False, cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    """As whom the token acts for: its organisation's business, or your own. What is unread; `all`: the rest, too."""
    by = asked_by(request)
    page = paginate(inbox(by) if all else unread(by), "-public_id", cursor=cursor, limit=limit)
    names = names_in(page.items)
    following = page.link(_ADDRESS, limit=limit, **({"all": "true"} if all else {}))
    return listing([message_out(each, names) for each in page], following)


@router.get("/choices", auth=_READ, response={200: ChoicesOut, _LOOKED: ProblemOut}, summary="How you want to be told")
def choices(request: HttpRequest) -> dict[str, object]:
    return choices_out(wishes_of(asked_by(request)), choices_of(asked_by(request)))


@router.put(
    "/choices",
    auth=needs(SIGNED_IN),
    response={200: ChoicesOut, _ASKED: ProblemOut},
    openapi_extra=_TAKES,
    summary="Say how you want to be told",
)
@once
def choose(request: HttpRequest) -> Any:
    """Notices of security come whatever is chosen."""
    asked = read_json(request.body, request.content_type or "", ChoicesIn)
    chosen = Chosen(
        mailing=asked.mailing,
        language=asked.language,
        handle=asked.handle,
        kinds=asked.kinds,
        by_messenger=frozenset(asked.by_messenger),
    )
    choose_channels(chosen, by=asked_by(request), at=now())
    return choices_out(wishes_of(asked_by(request)), choices_of(asked_by(request)))


@router.post("/read", auth=_MARK, response={204: None, _ASKED: ProblemOut}, summary="Mark all as read")
@once
def read_all(request: HttpRequest) -> Any:
    mark_all_read(asked_by(request), at=now())
    return 204, None


@router.post("/{message}/read", auth=_MARK, response={204: None, _ASKED: ProblemOut}, summary="Mark one as read")
@once
def read(request: HttpRequest, message: str) -> Any:
    if not mark_read(asked_by(request), message, at=now()):
        raise problems.not_found("There is no such message to you.")
    return 204, None
