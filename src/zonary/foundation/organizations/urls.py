from __future__ import annotations

from django.urls import path

from zonary.foundation.organizations.views import members, organization, pools, tokens

app_name = "organizations"
urlpatterns = [
    path("", organization.own, name="own"),
    path("found", organization.found, name="found"),
    path("departments", organization.add_department, name="add-department"),
    path("pools", pools.pools, name="pools"),
    path("members", members.list_members, name="members"),
    path("members/invite", members.invite, name="invite"),
    path("members/<str:membership>/change", members.change, name="change-membership"),
    path("members/<str:membership>/end", members.end, name="end-membership"),
    path("members/<str:membership>/hand-over", members.hand_over, name="hand-over"),
    path("invitations/<str:invitation>/withdraw", members.withdraw, name="withdraw-invitation"),
    path("tokens", tokens.list_tokens, name="tokens"),
    path("tokens/make", tokens.make, name="make-token"),
    path("tokens/<str:token>/revoke", tokens.revoke, name="revoke-token"),
    path("join/<str:secret>", members.accept, name="accept-invitation"),
]
