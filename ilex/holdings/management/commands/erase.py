"""`ilex erase --source CODE --reason TEXT`: have a list hold nothing any more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.holdings.actions import erase
from ilex.holdings.errors import Invalid
from ilex.holdings.models import Source
from ilex.units.commands import officer_if_named


class Command(BaseCommand):
    help = "Erase all records of a list that was taken in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True, metavar="CODE", help="of the list")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it stands in the journal")
        parser.add_argument("--by", metavar="NAME", help="sign-in name of the officer who erases it")

    def handle(self, *args: object, **options: Any) -> None:
        source = Source.objects.filter(code=options["source"]).first()
        if source is None:
            raise CommandError(_("There is no source “%(code)s”.") % {"code": options["source"]})
        try:
            count = erase(officer_if_named(options["by"]), source, options["reason"])
        except (Invalid, PermissionDenied) as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(_("Erased: %(count)d records.") % {"count": count})
