"""Files made here: office packages, e-mails, an OLE file, a PDF. All persons are invented."""

from __future__ import annotations

import io
import itertools
import struct
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = "Марко Марковић, Giorgi ბერიძე, Šaćir Đođić"


def package(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def xlsx(*rows: tuple[str, ...]) -> bytes:
    texts = [text for row in rows for text in row]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    numbers = iter(range(len(texts)))
    lines = "".join(
        "<row>" + "".join(f'<c t="s"><v>{next(numbers)}</v></c>' for _ in row) + "<c><v>42</v></c></row>"
        for row in rows
    )
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{lines}</sheetData></worksheet>',
        }
    )


def pptx(*slides: str) -> bytes:
    members: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
    for number, text in enumerate(slides, 1):
        members[f"ppt/slides/slide{number}.xml"] = f'<s xmlns:a="{A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></s>'
    return package(members)


def odt(*paragraphs: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = "".join(f"<t:p>{text} <t:span>и</t:span> tail</t:p>" for text in paragraphs)
    return package(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f'<c xmlns:t="{space}">{body}</c>'}
    )


def pdf(*pages: str) -> bytes:
    """A small PDF by hand, Latin letters only."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{end}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()


def letter(
    *,
    subject: str = "Упит о возилу",
    text: str = "Молимо податке о возилу BG-123-AA.",
    files: dict[str, bytes] | None = None,
) -> bytes:
    message = EmailMessage()
    message["From"] = "Ceca Invented <desk@unit-mk.example>"
    message["To"] = "desk@unit-rs.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 10:15:00 +0100"
    message["Message-ID"] = "<1@unit-mk.example>"
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return b"Received: from a by b; Fri, 20 Nov 2026 10:17:30 +0100\r\n" + message.as_bytes()


# An OLE file by hand: sectors of 512 bytes, a directory, and streams above the size that would need a mini stream.

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST = 4096  # shorter streams would have to lie in a mini stream; ours are filled up with NUL


def msg(
    *,
    subject: str = "Упит о возилу",
    text: str = "Молимо податке.",
    sender: str = "desk@unit-mk.example",
    files: dict[str, bytes] | None = None,
) -> bytes:
    at = int((datetime(2026, 11, 20, 9, 15, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
    fixed = b"\0" * 32 + struct.pack("<IIQ", 0x00390040, 6, at)
    streams = {
        "__properties_version1.0": fixed,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": text.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Ceca Invented".encode("utf-16-le"),
        "__substg1.0_5D01001F": sender.encode("utf-16-le"),
    }
    folders = {
        f"__attach_version1.0_#{number:08X}": {
            "__substg1.0_37010102": content,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
        }
        for number, (name, content) in enumerate((files or {}).items())
    }
    return compound(streams, folders)


def compound(streams: dict[str, bytes], folders: dict[str, dict[str, bytes]]) -> bytes:
    entries: list[tuple[str, int, bytes | None, int]] = []  # name, kind, content, first child
    top: list[int] = []
    for name, content in streams.items():
        entries.append((name, 2, content, 0))
        top.append(len(entries))
    for name, inner in folders.items():
        entries.append((name, 1, None, len(entries) + 2))
        top.append(len(entries))
        entries += [(inside, 2, content, 0) for inside, content in inner.items()]
    following = dict(itertools.pairwise(top))
    number = len(streams)
    for inner in folders.values():
        kids = list(range(number + 2, number + 2 + len(inner)))
        following |= dict(itertools.pairwise(kids))
        number += 1 + len(inner)
    contents = [
        content.ljust(SMALLEST, b"\0") if content is not None else b"" for _name, _kind, content, _child in entries
    ]
    directory_sectors = -(-(len(entries) + 1) // 4)
    table: list[int] = []
    starts, at = [], directory_sectors
    for content in contents:
        count = -(-len(content) // 512)
        starts.append(at if count else END)
        at += count
    fat_sectors = 1
    while fat_sectors * 128 < at + fat_sectors:
        fat_sectors += 1
    table += [*range(1, directory_sectors), END]
    for start, filled in zip(starts, contents, strict=True):
        count = -(-len(filled) // 512)
        if count:
            table += [*range(start + 1, start + count), END]
    table += [FAT] * fat_sectors
    table += [FREE] * (fat_sectors * 128 - len(table))
    rows = [_entry("Root Entry", 5, END, 0, FREE, 1 if entries else FREE)]
    for index, (name, kind, _content, child) in enumerate(entries):
        size = len(contents[index])
        rows.append(_entry(name, kind, starts[index], size, following.get(index + 1, FREE), child or FREE))
    rows += [_entry("", 0, 0, 0, FREE, FREE)] * (directory_sectors * 4 - len(rows))
    head = struct.pack("<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
                       0, fat_sectors, 0, 0, SMALLEST, END, 0, END, 0, at)  # fmt: skip
    more = [at + number for number in range(1, fat_sectors)]
    head += struct.pack("<108I", *more, *[FREE] * (108 - len(more)))
    body = b"".join(rows) + b"".join(content.ljust(-(-len(content) // 512) * 512, b"\0") for content in contents)
    return head + body + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, start: int, size: int, right: int, child: int) -> bytes:
    spelled = name.encode("utf-16-le")
    length = len(spelled) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16sIQQIQ", spelled, length, kind, 1, FREE, right, child, b"", 0, 0, 0, start & 0xFFFFFFFF, size
    )
