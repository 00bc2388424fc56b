"""Why a document has no text, as sentences."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, str | Promise] = {
    "broken": _("The file is damaged or not what it seems; its text cannot be read."),
    "encrypted": _("The file is locked with a password; its text cannot be read."),
    "bomb": _("The file unfolds to far more than it should; it was not read."),
    "too-large": _("The file is too large to be read for the search."),
    "too-much": _("Reading the file took more memory than a document may have."),
    "too-long": _("Reading the file took too long."),
    "no-ocr": _("It is a picture, and this node has no program to recognise text in pictures."),
    "away": _("The file cannot be read from this node's disk."),
}
