"""What an officer fills in to import a registry."""

from __future__ import annotations

from django import forms

from zonary.common.page_words import later


class SourceForm(forms.Form):
    """What is said of a file that is here as a document."""

    source = forms.CharField(
        label=later("Source"), help_text=later("Who keeps this registry, such as 市场监督管理局."), max_length=120
    )
    sheet = forms.CharField(
        label=later("Sheet"),
        help_text=later("Of a workbook with several; without it the first is read."),
        max_length=100,
        required=False,
    )


class UploadForm(SourceForm):
    file = forms.FileField(
        label=later("File"),
        help_text=later(
            "CSV, XLSX or Parquet. Above 8 MB it needs a browser with JavaScript, and is kept as a document."
        ),
        max_length=200,
    )

    field_order = ("file", "source", "sheet")


class StartForm(forms.Form):
    """What was said when the file was uploaded, carried along."""

    name = forms.CharField(max_length=200)
    source = forms.CharField(max_length=120)
    sheet = forms.CharField(max_length=100, required=False)
