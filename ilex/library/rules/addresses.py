"""Addresses and titles as feeds have them, and the forms by which two copies of one item are known.

Feeds double strokes, cut the words of an address where it grows too long, change http into https, and print the
section before the title, with or without a blank.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from ilex.words.scripts import fold

SECTIONS = {
    "project news": "project-news",
    "icmpd around the globe": "around-the-network",
    "around the network": "around-the-network",
    "expert voice": "expert-voice",
}
PREFIX = re.compile(r"\s*([^:]{3,60}?)\s*:\s*(\S.*)", re.DOTALL)
DOUBLED = re.compile(r"/{2,}")
CUT = 95  # letters after which the feed of the seeds cuts the last part of an address
LONGEST_ADDRESS, LONGEST_TITLE = 400, 300


def mended(link: str) -> str:
    """The address with every stroke once and the server in small letters. Raises ValueError for no web address.

    A name or password in it is none: it would be kept, shown and exported, and it hides which server is meant.
    """
    parts = _parted_address(link)
    if parts is None:
        raise ValueError(_("Write an address that begins with http:// or https://."))
    made = urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), DOUBLED.sub("/", parts.path or "/"), parts.query, "")
    )
    if len(made) > LONGEST_ADDRESS:
        raise ValueError(_("The address is too long."))
    return made


def _parted_address(link: str) -> SplitResult | None:
    """None for what is no web address."""
    try:
        parts = urlsplit(link.strip())
        known = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket without its pair, a port that is no number
        return None
    return parts if known and "@" not in parts.netloc else None


def link_key(link: str) -> str:
    """By which two spellings of one address are the same: without scheme, www and the stroke at the end."""
    parts = urlsplit(mended(link))
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    return f"{host}{path}{'?' + parts.query if parts.query else ''}"


def may_be_cut(one: str, other: str) -> bool:
    """Whether one address is the other one, cut off: same beginning, and the shorter one long enough to be cut."""
    short, long = sorted((link_key(one), link_key(other)), key=len)
    return short == long or (long.startswith(short) and len(short.rpartition("/")[2]) >= CUT)


def parted(title: str) -> tuple[str, str]:
    """The section's code and the rest of the title: ("project-news", "Combatting ..."); no section is ""."""
    found = PREFIX.fullmatch(title)
    code = SECTIONS.get(" ".join(found[1].lower().split()), "") if found else ""
    return (code, found[2].strip()) if found and code else ("", title.strip())


def title_key(title: str) -> str:
    """The folded words of the title without its section."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(parted(title)[1])))[:LONGEST_TITLE]
