"""What a document is by its content, whether its name says so too, and whether it may be opened. Plain Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its name for people, and the endings an honest name of it has."""

    code: str
    label: str | Promise
    endings: frozenset[str] = frozenset()
    readable: bool = False  # we can get text out of it


def _kind(code: str, label: str | Promise, endings: str, readable: bool = False) -> FileKind:
    return FileKind(code, label, frozenset(endings.split()), readable)


KINDS = {
    kind.code: kind
    for kind in (
        _kind("pdf", gettext_lazy("PDF"), ".pdf", True),
        _kind("docx", gettext_lazy("Word document"), ".docx .docm .dotx .dotm", True),
        _kind("xlsx", gettext_lazy("Excel workbook"), ".xlsx .xlsm .xltx .xltm", True),
        _kind("pptx", gettext_lazy("PowerPoint presentation"), ".pptx .pptm .ppsx", True),
        _kind("odt", gettext_lazy("OpenDocument text"), ".odt .ott", True),
        _kind("ods", gettext_lazy("OpenDocument spreadsheet"), ".ods .ots", True),
        _kind("eml", gettext_lazy("E-mail"), ".eml .mht .mhtml .mime", True),
        _kind("msg", gettext_lazy("Outlook e-mail"), ".msg", True),
        _kind("doc", gettext_lazy("Word document, older form"), ".doc .dot"),
        _kind("xls", gettext_lazy("Excel workbook, older form"), ".xls .xlt"),
        _kind("ppt", gettext_lazy("PowerPoint presentation, older form"), ".ppt .pps"),
        _kind("ole", gettext_lazy("Office file, older form"), ".doc .xls .ppt .msg .dot .xlt .pps .msi .db"),
        _kind("image", gettext_lazy("Picture"), ".jpg .jpeg .jpe .png .gif .tif .tiff .webp .bmp .heic", True),
        _kind("html", gettext_lazy("Web page"), ".html .htm .xhtml .svg .xml", True),
        _kind(
            "text", gettext_lazy("Plain text"), ".txt .csv .tsv .json .geojson .md .log .vcf .ics .xml .yaml .ini", True
        ),
        _kind("rtf", gettext_lazy("Rich text"), ".rtf .doc"),
        _kind("audio", gettext_lazy("Sound"), ".mp3 .wav .ogg .m4a .flac"),
        _kind("video", gettext_lazy("Video"), ".mp4 .mov .avi .mkv .webm .m4v .m4a .3gp .heic"),
        _kind("archive", gettext_lazy("Archive"), ".zip .gz .tgz .7z .rar .tar .bz2 .xz .kmz .epub .asice .asics"),
        _kind("program", gettext_lazy("Program"), ".exe .dll .com .scr .msi .elf .so .bin .sys"),
        _kind("other", gettext_lazy("Unknown kind"), ""),
    )
}

# What the gate's first look calls it. The reader looks closer, at the whole file.
OF_MEDIA = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "message/rfc822": "eml",
    "application/vnd.ms-outlook": "msg",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/x-ole-storage": "ole",
    "application/rtf": "rtf",
    "application/zip": "archive",
    "application/gzip": "archive",
    "application/x-7z-compressed": "archive",
    "application/json": "text",
}


def kind_of_media(media: str) -> str:
    family = media.partition("/")[0]
    return OF_MEDIA.get(media, family if family in {"image", "text", "audio", "video"} else "other")


def kind(code: str) -> FileKind:
    return KINDS.get(code, KINDS["other"])


def lie(name: str, code: str) -> str:
    """The sentence that says how the name of a file deceives; empty when it does not.

    A name without an ending says nothing, and of a kind that we do not know nothing can be said.
    """
    ending = PurePosixPath(name).suffix.lower()
    known = {one for each in KINDS.values() for one in each.endings}
    if not ending or ending not in known or code not in KINDS or code == "other":
        return ""
    if ending in KINDS[code].endings:
        return ""
    words = {"ending": ending, "kind": KINDS[code].label}
    return _("The name ends with %(ending)s, but the file is of another kind: %(kind)s.") % words


@dataclass(frozen=True)
class Opening:
    """Whether the bytes may be given out, and the sentence for the page."""

    may: bool
    words: str = ""
    free: bool = False  # an officer may open it on his word


def opening(states: Collection[str], *, scanner: bool, required: bool) -> Opening:
    """By the states of every document of the same bytes. `scanner`: one is set up here; `required`: without it
    nothing opens.
    """
    if "found" in states:
        return Opening(False, _("Malware was found in this file. Nobody can open it."))
    if "waiting" in states and scanner:
        return Opening(False, _("This file waits for the scanner. It can be opened when the scanner has seen it."))
    if "waiting" in states or "unscanned" in states:
        if required:
            return Opening(False, _("This file was not scanned, and this node opens only what was scanned."), free=True)
        return Opening(True, _("Not scanned for malware: open it with care."))
    if "freed" in states:
        return Opening(True, _("Not scanned for malware: an officer opened it on his word."))
    return Opening(True)
