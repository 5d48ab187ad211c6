from __future__ import annotations

from django.urls import path

from zonary.foundation.organizations.views import receipts

app_name = "receipts"
urlpatterns = [
    path("", receipts.list_receipts, name="list"),
    path("corrections", receipts.waiting, name="waiting"),
    path("corrections/<str:correction>", receipts.decide, name="decide"),
    path("<str:public_id>", receipts.act, name="act"),
    path("<str:public_id>/file", receipts.receipt_file, name="file"),
    path("<str:public_id>/correct", receipts.correct, name="correct"),
]
