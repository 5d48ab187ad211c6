"""Problems as Django responses, also for what Django itself finds wrong."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase

from zonary.common import problems
from zonary.common.problems import Problem


def problem_page(problem: Problem) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HttpResponse(problem.encode(), status=problem.status, content_type=problems.MEDIA_TYPE, headers=headers)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_page(Problem(400, "bad-request", "The request is not one this server understands."))


def forbidden(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_page(Problem(403, "forbidden", "This is not allowed."))


def page_not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_page(problems.not_found())


def server_error(_request: HttpRequest) -> HttpResponse:
    return problem_page(problems.unexpected())


def problems_only(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: an error that a library answered in its own words is told as a problem instead."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == problems.MEDIA_TYPE:
            return response
        if response.status_code == 405:
            return problem_page(problems.method_not_allowed(request.method or "", response.headers.get("Allow", "")))
        if response.status_code >= 500:
            return problem_page(problems.unexpected())
        return problem_page(Problem(response.status_code, "bad-request", "The request cannot be answered."))

    return middleware
