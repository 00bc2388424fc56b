"""Files that an officer adds to a case or task: the form, and the verb behind it, for the rooms that own them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.documents.actions import keep
from ilex.documents.errors import Refused
from ilex.documents.models import Document
from ilex.gate.forms import AttachmentsField
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Circle, Officer
from ilex.web.languages import page_languages
from ilex.words import law


def _handling() -> list[tuple[str, str]]:
    return [(entry.code, f"{entry.code} · {gettext(entry.text)}") for entry in law.handling_codes()]


def _languages() -> list[tuple[str, str]]:
    return [("", gettext("Not known")), *((one.code, one.name) for one in page_languages())]


class UploadForm(forms.Form):
    papers = AttachmentsField(
        label=_("Files"),
        help_text=_("Up to 2 GiB each. They are sealed on their way in; nothing readable is kept on the disk."),
    )
    title = forms.CharField(
        label=pgettext_lazy("heading", "Title"),
        max_length=300,
        required=False,
        help_text=_("Empty: the name of the file."),
    )
    handling = forms.ChoiceField(label=_("Handling code"), choices=_handling, initial="H0")
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=_languages, required=False, help_text=_("Helps to read scans.")
    )


def kept(request: HttpRequest, on: tuple[str, UUID], *, by: Officer, circle: Circle | None = None) -> list[Document]:
    """Keep what was posted with `UploadForm`. The caller has checked that the officer may write there.

    Raises Refused with one sentence; then nothing was kept.
    """
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(" ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    typed = form.cleaned_data
    names = {"handling": typed["handling"], "language": typed["language"], "circle": circle}
    title = typed["title"] if len(typed["papers"]) == 1 else ""
    with act("documents.added", Operation.COLLECTION, by=by, on=(on[0], str(on[1]))) as this:
        this.detail["files"] = len(typed["papers"])
        return [keep(file, on, by=by, title=title, **names) for file in typed["papers"]]
