"""A NUL, which PostgreSQL takes for no text, is the asker's mistake wherever it stands, and never a failure."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.portal.test_page_ids import FORM

NUL = "x\0"


pytestmark = pytest.mark.usefixtures("demo")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    from zonary.config.api import api

    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            if method != "parameters":
                yield method.upper(), path.removeprefix("/api/v1"), described


def pages() -> Iterator[str]:
    from django.urls import URLResolver, get_resolver

    def under(resolver: Any, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            address = before + str(each.pattern).replace("^", "").replace("$", "")
            if isinstance(each, URLResolver):
                yield from under(each, address)
            elif not address.startswith("api/"):
                yield "/" + address

    yield from under(get_resolver(), "")


def texts_with(schema: dict[str, Any], text: str) -> Any:
    """A body that fits ``schema`` but for its texts, all of which are ``text``."""
    if "anyOf" in schema:
        schema = next(each for each in schema["anyOf"] if each.get("type") != "null")
    if schema.get("type") == "object":
        return {name: texts_with(each, text) for name, each in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [texts_with(schema["items"], text)]
    return text


def wrong(answer: Any) -> bool:
    return bool(answer.status_code >= 500 or answer.status_code < 400)


def test_in_every_address_query_and_body_of_the_api(five: Any) -> None:
    unrefused, asked = [], 0
    callers = [Caller(five.owner), Caller(five.officer)]
    for caller in callers:
        for method, path, described in operations():
            queries = [p["name"] for p in described.get("parameters", []) if p["in"] == "query"]
            plain = re.sub(r"\{[^}]+\}", "1", path)
            asks = [(f"{plain}?{name}={quote(NUL)}", None) for name in queries]
            asks += [(path.replace(name, quote(NUL)), None) for name in re.findall(r"\{[^}]+\}", path)]
            content = described.get("requestBody", {}).get("content", {}).get("application/json")
            asks += [(plain, texts_with(content["schema"], NUL))] if content else []
            for address, body in asks:
                asked += 1
                answer = caller(method, address, body)
                if wrong(answer):
                    unrefused.append((method, address, answer.status_code))
    assert asked > 80
    assert unrefused == []


def test_in_every_address_query_and_form_of_the_pages(five: Any) -> None:
    unrefused, asked = [], 0
    names = (*FORM, "q", "cursor", "kind", "since", "lang", "next", "login", "email", "password1", "code", "username")
    for client in (browser(five.owner), browser(five.officer), browser(None)):
        client.raise_request_exception = False
        client.defaults["SERVER_NAME"] = "127.0.0.1"
        for page in pages():
            plain = re.sub(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", "1", page)
            answers = [client.get(f"{plain}?{name}={quote(NUL)}") for name in ("q", "cursor", "x")]
            answers.append(client.post(plain, dict.fromkeys(names, NUL)))
            answers.append(client.post(plain, "&".join(f"{name}=%00" for name in names), _FORM_TYPE))
            if plain != page:
                answers.append(client.get(re.sub(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", quote(NUL), page)))
            asked += len(answers)
            unrefused += [(page, answer.status_code) for answer in answers if wrong(answer)]
    assert asked > 400
    assert unrefused == []


_FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("key", ["filename", "title", "kind", "document", "sha256", "encryption", "retain_until", "x"])
def test_in_what_an_upload_announces(five: Any, key: str) -> None:
    encoded = base64.b64encode(NUL.encode()).decode()
    metadata = f"filename {base64.b64encode(b'a.txt').decode()}" if key != "filename" else ""
    owner = Caller(five.owner)
    tus = {"Tus_Resumable": "1.0.0"}
    begun = owner(
        "POST", "/uploads", Upload_Length="1", Upload_Metadata=f"{key} {encoded},{metadata}".strip(","), **tus
    )
    assert begun.status_code < 500, begun.content
    if begun.status_code == 201:
        address = begun["Location"].removeprefix("/api/v1")
        kind = "application/offset+octet-stream"
        ended = owner("PATCH", address, b"1", Upload_Offset="0", Content_Type=kind, **tus)
        assert ended.status_code < 500, ended.content


def test_a_body_without_one_is_read_as_before(five: Any) -> None:
    """What only looks like one is none."""
    answer = Caller(five.owner)("POST", "/facts", rb'{"claim": {"indicator": "main-products", "value": "a\\u0000"}}')
    assert answer.json()["errors"] == [{"where": "/claim/period", "message": "is missing"}]


def test_in_the_cookie_of_the_session_of_a_server_on_postgresql(
    zone_database: str, new_server: Callable[..., Any]
) -> None:
    """Cookies may have any character as a backslash and three octal digits, and Django reads them so."""
    server = new_server(environment={"ZONARY_DATABASE_URL": zone_database})
    server.start()
    for name in ("session", "csrftoken", "lang", "other"):
        cookie = {"Cookie": rf'{name}="\000{"a" * 31}"', "Accept": "text/html"}
        for address in ("/", "/account/login/", "/documents/", "/registry", "/api/v1/organization"):
            assert server.get(address, cookie).status == 400, (name, address)
        form = cookie | {"Content-Type": _FORM_TYPE}
        assert server.request("POST", "/documents/new", b"x=1", form).status in (400, 401), name
    for address in ("/static/%00", "/log/%00", "/log/tile/0/%00", "/%00", "/api/v1/%00", "/trust%00"):
        assert 400 <= server.get(address).status < 500, address
    assert server.get("/").status in (200, 302)
    assert server.stop() == 0
    assert "Traceback" not in server.output.read_text()
