"""`ilex certificate verify`: whether a certificate is what its unit signed; no line is needed."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.gate.errors import GateError
from ilex.programme.queries.certificates import Verified, of_card, verified
from ilex.programme.queries.people import in_words
from ilex.programme.rules.certificates import LONGEST_TEXT, NotVerified, verify
from ilex.programme.wording import why_not


class Command(BaseCommand):
    help = "Verify the signed words of a certificate, as its QR code holds them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"], help="whether it was signed by the unit that it names")
        parser.add_argument("certificate", metavar="FILE|TEXT", help="the words, or a file that holds them")
        parser.add_argument("--card", type=Path, metavar="FILE", help="the card of the unit, when it is no peer")

    def handle(self, *args: object, certificate: str, card: Path | None, **options: Any) -> None:
        signed = _text(certificate)
        try:
            found = _by_card(signed, card) if card else verified(signed)
        except NotVerified as error:
            raise CommandError(why_not(error)) from error
        except GateError as error:
            raise CommandError(str(error)) from error
        for line in _told(found):
            self.stdout.write(line)
        if found.revoked_why is not None:
            raise CommandError(_("It was revoked: %(why)s") % {"why": found.revoked_why})


def _text(certificate: str) -> str:
    """The words themselves hold two dots and no stroke; anything else is a file."""
    if certificate.count(".") == 2 and "/" not in certificate and len(certificate) > 100:
        return certificate
    try:
        return Path(certificate).read_text("ascii")[: LONGEST_TEXT + 1]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("The certificate in %s cannot be read.") % certificate) from error


def _by_card(signed: str, card: Path) -> Verified:
    try:
        keys = dict(of_card(card.read_text("ascii")))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("The card in %s cannot be read.") % card) from error
    return Verified(verify(signed, keys), None)


def _told(found: Verified) -> Iterator[str]:
    words = found.words
    yield _("Signed by %(unit)s: number %(number)s.") % {"unit": words.by, "number": words.no}
    yield ", ".join(part for part in (words.name, words.title, in_words(words.when, "en"), words.place) if part)
