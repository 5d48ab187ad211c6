"""What the fields of the events of organisations are called."""

from __future__ import annotations

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.organizations.rules import COMPARED, CORRECTABLE, OVERTAKEN
from zonary.foundation.organizations.scopes import SCOPES

ROLES = {"owner": "Owner", "agent": "Agent", "reader": "Reader"}
KINDS = {
    "enterprise": "Enterprise",
    "institute": "Research institute",
    "zone-authority": "Zone authority",
    "financial-institution": "Financial institution",
    "expert-pool": "Pool of experts",
    "mediator-pool": "Pool of mediators",
    "inspector-pool": "Pool of inspectors",
    "verifier": "Outside verifier (court, notary, partner)",
}
_ENTRY = {**CORRECTABLE, "established_on": "Established on", "kind": "What it is"}

FIELDS: Labels = {
    "english_name": Label("Name in English"),
    "authority_name": Label("Name of the zone authority"),
    "authority": Label("Zone authority", Shape.WHO),
    "areas": Label("Areas"),
    "organisation_kind": Label("What it is", words=KINDS),
    "uscc": Label("Unified social credit code", Shape.CODE),
    "owner": Label("Owner", Shape.WHO),
    "claimed": Label("Was listed before"),
    "before": Label("As it was", Shape.FIELDS, words=_ENTRY),
    "after": Label("As it is from now on", Shape.FIELDS, words=_ENTRY),
    "claim": Label("Number of the claim", Shape.CODE),
    "organisation": Label("Organisation", Shape.WHO),
    "statement": Label("What shows that they act for it"),
    "claimant": Label("Who claims it", Shape.WHO),
    "is_confirmed": Label("Claim confirmed"),
    "compared": Label("Compared", words=COMPARED),
    ("organizations.claim.decided", "reason"): Label("Answer", words={OVERTAKEN: OVERTAKEN}),
    ("organizations.claims.forgotten", "count"): Label("Claims"),
    "correction": Label("Number of the correction", Shape.CODE),
    "corrected_act": Label("Number of the act that is corrected", Shape.CODE),
    "changes": Label("What it should be", Shape.FIELDS, words=_ENTRY),
    "is_approved": Label("Approved"),
    "proposed_by": Label("Proposed by", Shape.WHO),
    "approver": Label("Decided by", Shape.WHO),
    "answer": Label("Remark"),
    "department": Label("Number of the department", Shape.CODE),
    "invitation": Label("Number of the invitation", Shape.CODE),
    "role": Label("Role", words=ROLES),
    "until": Label("Acts until", Shape.DAY),
    "expires_at": Label("Expires", Shape.MOMENT),
    "count": Label("Invitations"),
    "person": Label("Member", Shape.WHO),
    "membership": Label("Number of the membership", Shape.CODE),
    ("organizations.membership.changed", "successor"): Label("Number of the membership from now on", Shape.CODE),
    "predecessor": Label("Owner before", Shape.WHO),
    "successor": Label("Owner from now on", Shape.WHO),
    "stays_as": Label("Stays as", words=ROLES),
    "token": Label("Number of the token", Shape.CODE),
    "scopes": Label("What it may do", words=SCOPES),
    "file_sha256": Label("SHA-256 of the file", Shape.CODE),
    "sheet": Label("Sheet"),
    "rows": Label("Rows"),
    "after_row": Label("Rows done before"),
    "enterprise": Label("Enterprise", Shape.WHO),
    "row": Label("Row"),
    "created": Label("New"),
    "changed": Label("Changed"),
    "unchanged": Label("Unchanged"),
    "refused": Label("Rows refused"),
    "report_zh_sha256": Label("SHA-256 of the report in Chinese", Shape.CODE),
    "report_en_sha256": Label("SHA-256 of the report in English", Shape.CODE),
}
