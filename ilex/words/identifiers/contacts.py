"""Telephone numbers, e-mail and web addresses, names of online accounts."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from ilex.words.identifiers.letters import bounded
from ilex.words.identifiers.wrong import N_, Wrong

LOCAL = re.compile(r"[^\s@\x00-\x20\x7f\"(),:;<>\[\]\\]{1,64}")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_EMAIL, LONGEST_URL, LONGEST_ACCOUNT = 254, 2000, 120
SCHEMES = {"http", "https", "ftp"}
PHONE_SIGNS = re.compile(r"[^\w+]")
PLAIN_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def phone(text: str, country: str = "") -> str:
    """E.164: +381641234567. Without a country's code the country must be known."""
    text = unicodedata.normalize("NFKC", bounded(text))
    if not text.startswith("+"):
        text = re.sub(r"^\(?00\)?(?=[\s(]*[1-9])", "+", text)
    try:
        found = phonenumbers.parse(text, country or None)
    except NumberParseException:
        raise Wrong(_how(text, country)) from None
    if not phonenumbers.is_possible_number(found):
        raise Wrong(_how(text, country))
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def phone_doubt(found: str, country: str = "") -> str:
    if phonenumbers.is_valid_number(phonenumbers.parse(found)):
        return ""
    return N_("The country it names has no numbers of this kind.")


def _how(text: str, country: str) -> str:
    if country or text.startswith("+"):
        return N_("This is not a telephone number.")
    return N_("Write the number with the code of its country: +381 64 123 4567.")


def email(text: str, country: str = "") -> str:
    """In small letters, the domain as its name servers know it."""
    text = unicodedata.normalize("NFKC", bounded(text)).removeprefix("mailto:")
    local, sign, domain = text.rpartition("@")
    domain = _domain(domain)
    if not sign or not LOCAL.fullmatch(local) or "." not in domain or len(local) + len(domain) >= LONGEST_EMAIL:
        raise Wrong(N_("This is not an e-mail address."))
    return f"{unicodedata.normalize('NFKC', local.lower())}@{domain}"


def url(text: str, country: str = "") -> str:
    """With its scheme; the host in small letters."""
    text = text.strip()
    if len(text) > LONGEST_URL or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise Wrong(N_("This is not a web address."))
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise Wrong(N_("This is not a web address.")) from None
    host = _domain(parts.hostname or "")
    if parts.scheme not in SCHEMES or "." not in host:
        raise Wrong(N_("This is not a web address."))
    return urlunsplit((parts.scheme, host + port, parts.path.rstrip("/"), parts.query, ""))


def online(text: str, country: str = "") -> str:
    """The name of an account and where it is, as written: `telegram: @ana`. Small letters, single blanks."""
    found = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not found or len(found) > LONGEST_ACCOUNT or not found.isprintable():
        raise Wrong(N_("Write the service and the name of the account, in at most 120 characters."))
    return found


def _domain(text: str) -> str:
    """Small ASCII letters. Empty when it is no name of a host."""
    try:
        name = text.strip().rstrip(".").lower().encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return ""
    return name if all(LABEL.fullmatch(label) for label in name.split(".")) else ""
