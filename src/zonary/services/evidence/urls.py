from __future__ import annotations

from django.urls import path

from zonary.services.evidence import views
from zonary.services.evidence.certificates.views import certificate, disclose, issue
from zonary.services.evidence.declarations.views import declare
from zonary.services.evidence.exporting.views import accept
from zonary.services.evidence.sharing.views import erase, share

app_name = "evidence"
urlpatterns = [
    path("", views.list_evidence, name="list"),
    path("export.csv", views.export, name="export"),
    path("register", views.register, name="register"),
    path("<str:public_id>", views.record, name="record"),
    path("<str:public_id>/address.svg", views.address_picture, name="address-picture"),
    path("<str:public_id>/declare", declare, name="declare"),
    path("<str:public_id>/export-notice", accept, name="export-notice"),
    path("<str:public_id>/share", share, {"kind": "record"}, name="share-record"),
    path("<str:public_id>/erase", erase, name="erase-record"),
    path("<str:public_id>/certificate", issue, name="issue-certificate"),
    path("<str:public_id>/certificates/disclosure", disclose, name="disclosure-certificate"),
    path("<str:public_id>/certificates/<str:number>", certificate, name="certificate"),
    path("<str:public_id>/describe", views.describe, name="describe"),
    path("<str:public_id>/package", views.package, name="package"),
    path("<str:public_id>/proof", views.proof, name="proof"),
]
