"""Which first page somebody gets, and what stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zonary.foundation.documents.reviews.permissions import may_answer_review
from zonary.foundation.documents.reviews.queries import stood_aside_from
from zonary.foundation.organizations.rules import POOLS
from zonary.foundation.organizations.standing import Standing
from zonary.portal.home import administrators, company
from zonary.portal.home.report import findings
from zonary.portal.home.work import work_of
from zonary.portal.navigation import address_of


def home_of(reader: Standing, *, at: datetime) -> dict[str, Any]:
    """What the template ``portal/_home.html`` is given for ``reader``; ``part`` is the template of their role."""
    made: dict[str, Any] = {"work": work_of(reader, at=at), "is_admin": bool(reader.admin), "may_act": reader.may_act}
    if reader.admin == "system" and not reader.organisation:
        return made | {"part": "home/_operator.html", "findings": findings(at)}
    if reader.admin == "security" and not reader.organisation:
        return made | {"part": "home/_security.html"} | administrators.of_security(reader)
    if reader.admin == "audit" and not reader.organisation:
        return made | {"part": "home/_audit.html"} | administrators.of_audit(reader, at=at)
    if reader.is_officer:
        return made | {"part": "home/_officer.html"}
    if reader.kind == "financial-institution":
        return made | {
            "part": "home/_lender.html",
            "records": company.records_received(reader, at=at),
            "profiles": company.profiles_received(reader, at=at),
            "reviews": company.reviews(reader, at=at),
        }
    if reader.kind == "verifier":
        return made | {
            "part": "home/_verifier.html",
            "records": company.records_received(reader, at=at),
            "reviews": company.reviews(reader, at=at),
            "checks_itself": True,
        }
    if reader.kind in POOLS:
        reviews = company.reviews(reader, at=at)
        unread = [each for each in reviews if not each.is_read and not each.is_declined]
        return made | {
            "part": "home/_expert.html",
            "reviews": reviews,
            "unread": len(unread),
            "first_end": min((each.until for each in unread if each.until), default=None),
            "may_answer": may_answer_review(reader),
            "stood_aside": stood_aside_from(reader),
        }
    evidence = company.latest_evidence(reader)
    if not reader.organisation:
        return made | {"part": "home/_person.html", "evidence": evidence, "capture": address_of("captures:request")}
    return made | {
        "part": "home/_company.html",
        "evidence": evidence,
        "awaited": company.awaited_answers(reader, at=at),
        "dossier_gaps": company.dossier_gaps(reader),
        "gaps": company.gaps(reader, at=at),
        "captures": company.latest_captures(reader),
        "copycat": company.copycat_of(reader),
        "shares": company.shares_that_run(reader, at=at),
    }
