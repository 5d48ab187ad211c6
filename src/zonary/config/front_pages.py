"""What the front refuses before Django sees it, told to people as a page: a body too large, too slow or broken off."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, QueryDict
from django.http.cookie import parse_cookie

from zonary.common.problems import Problem
from zonary.config.http import Request, Response, encode_headers, problem_response
from zonary.config.problem_pages import tell, wants_page


def refusal(request: Request, problem: Problem) -> Response:
    """``problem`` as whoever sent ``request`` can read it; asks the database nothing."""
    if not wants_page(request.path, request.header("accept")):
        return problem_response(problem)
    asked = HttpRequest()
    asked.path = quote(request.path)
    asked.method = request.method
    asked.GET = QueryDict(request.query_string[:2000])
    asked.COOKIES = parse_cookie(request.header("cookie"))
    asked.META |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": request.header("accept-language")}
    page = tell(asked, problem, is_bare=True)
    return Response(page.status_code, page.content, encode_headers((n.lower(), v) for n, v in page.items()))
