"""What goes wrong is told to people as a page in their language, and to programs as a problem."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from zonary.common.language import translate

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def error_page(answer: Any, status: int, title: str, language: Any = "zh") -> str:
    assert answer.status == status, answer.body[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    text: str = answer.body.decode()
    assert f"<h1>{translate(title, language, {})}</h1>" in text
    assert 'class="site-head"' in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_there(server: Any, language: str) -> None:
    answer = server.get(f"/no/such/page?lang={language}", headers=BROWSER)
    error_page(answer, 404, "There is nothing at this address", language)


def test_the_language_of_the_browser(server: Any) -> None:
    answer = server.get("/no/such/page", headers=BROWSER | {"Accept-Language": "en"})
    assert '<html lang="en">' in error_page(answer, 404, "There is nothing at this address", "en")
    assert answer.headers["content-language"] == "en"


def test_whoever_is_not_signed_in_is_told_why_they_are_asked_to(server: Any) -> None:
    sent = server.get("/incentives/simulator/", headers=BROWSER)
    assert sent.status == 302
    told = "The page you asked for is shown only to people who signed in."
    login = sent.headers["location"]
    assert told in server.get(f"{login}&lang=en", headers=BROWSER).body.decode()
    plain = server.get(f"{login.partition('?')[0]}?lang=en", headers=BROWSER)
    assert (plain.status, told in plain.body.decode()) == (200, False)


def test_a_method_the_page_does_not_take(server: Any) -> None:
    answer = server.get("/act-for", headers=BROWSER)
    error_page(answer, 405, "This address cannot be opened like this")
    assert answer.headers["allow"] == "POST"


def test_a_form_without_its_token(server: Any) -> None:
    answer = server.request("POST", "/act-for", b"organisation=", BROWSER | FORM)
    error_page(answer, 403, "This form has expired")


def test_a_body_too_large_never_reaches_django(server: Any) -> None:
    answer = server.request("POST", "/act-for", b"a" * 2_000_000, BROWSER | FORM)
    error_page(answer, 413, "That is too large")


def test_an_address_does_not_come_back_as_markup(server: Any) -> None:
    answer = server.get("/%3Cscript%3Ealert(1)%3C/script%3E?a=%22%3E%3Cscript%3E", headers=BROWSER)
    text = error_page(answer, 404, "There is nothing at this address")
    assert "alert(1)</script>" not in text
    assert '"><script>' not in text.replace('type="module"></script>', "").replace("defer></script>", "")


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/no/such/page", {}), ("/no/such/page", {"Accept": "application/json"}), ("/api/v1/nothing", BROWSER)],
)
def test_programs_get_a_problem(server: Any, path: str, headers: dict[str, str]) -> None:
    assert server.get(path, headers=headers).problem()["code"] == "not-found"


@pytest.fixture
def ask(migrated: Any) -> Any:
    """Answers of the middleware to a browser, around a view of the test's own."""
    from django.test import RequestFactory

    from zonary.config.problem_pages import ProblemPagesMiddleware

    def answer(view: Any, **headers: str) -> Any:
        request = RequestFactory().get("/", headers={"Accept": "text/html", **headers})
        middleware = ProblemPagesMiddleware(view)
        try:
            return middleware(request)
        except Exception as error:
            return middleware.process_exception(request, error)

    return answer


def test_a_view_may_raise_a_problem(ask: Any, data: Any) -> None:
    from zonary.common.problems import Problem

    def view(_request: Any) -> Any:
        raise Problem(403, "forbidden", "No.")

    answer = ask(view)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")


def test_a_database_that_cannot_be_asked_is_not_asked_for_the_page(ask: Any, migrated: Any, monkeypatch: Any) -> None:
    from django.db import OperationalError, connection

    def refuse(*_arguments: Any) -> None:
        raise OperationalError("gone")

    def view(_request: Any) -> Any:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = ask(view)
    assert answer.status_code == 503
    assert "Zonary" in answer.content.decode()


def test_a_refused_form_stays_as_it_was_rendered(ask: Any, data: Any) -> None:
    from django.http import HttpResponse

    page = HttpResponse("<!doctype html><title>form</title>", status=422)
    part = HttpResponse("<form></form>", status=422)
    assert ask(lambda _request: page) is page
    assert ask(lambda _request: part, **{"HX-Request": "true"}) is part
    assert ask(lambda _request: part) is not part
