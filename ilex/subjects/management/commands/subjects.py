"""`ilex subjects import FILE` takes in a file of subjects, or says what is wrong with it; `export` gives one out."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.subjects.actions.exporting import WRITERS, give_out
from ilex.subjects.actions.importing import READERS, Asked, Refused, Report, rehearse, take_in
from ilex.subjects.files import form_of
from ilex.subjects.files.tables import Columns
from ilex.subjects.rules import Evaluation, Invalid
from ilex.units.commands import officer_named
from ilex.units.models import Officer
from ilex.words import kinds, law

TOLD = 200  # faults; the others are counted


class Command(BaseCommand):
    help = "Takes in subjects from FollowTheMoney, CSV and XLSX files: all rows, or none; and gives them out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="what", required=True, metavar="import | export")
        self._import_arguments(verbs.add_parser("import", help="take in a file"))
        self._export_arguments(verbs.add_parser("export", help="give out a file"))

    def _import_arguments(self, one: ArgumentParser) -> None:
        _shared(one, "import")
        one.add_argument("--source", required=True, help="whose file it is; with its ids it names a subject for ever")
        one.add_argument("--dry-run", action="store_true", help="only say what is wrong, row by row")
        all_kinds, categories = [kind.code for kind in kinds.kinds()], [line.code for line in kinds.categories()]
        told = "of rows that name none: person, vehicle..."
        one.add_argument("--kind", default="", choices=all_kinds, metavar="KIND", help=told)
        told = "of persons where the file names none: suspect, other..."
        one.add_argument("--category", default="", choices=categories, metavar="CATEGORY", help=told)
        told = "what a column holds, as in 'Презиме=surname' or 'Alias=name:alias'; 'Header=-' leaves it out"
        one.add_argument("--column", action="append", type=_meaning, default=[], metavar="HEADER=PROPERTY", help=told)
        one.add_argument("--handling", default="H0", help="code of what the file does not mark itself (H0)")
        one.add_argument("--handling-note", default="", help="the restriction in words, for H3")
        one.add_argument("--source-grade", default="", choices=["", *(line.code for line in law.source_grades())])
        one.add_argument("--information-grade", default="",
                         choices=["", *(line.code for line in law.information_grades())])  # fmt: skip
        one.add_argument("--necessity", default="", help="why special categories of data are strictly necessary")
        one.add_argument("--as-it-is", action="store_true", help="keep numbers that break their own rule")

    def _export_arguments(self, one: ArgumentParser) -> None:
        _shared(one, "export")
        one.add_argument("--kind", default="", choices=[kind.code for kind in kinds.kinds()], metavar="KIND",
                         help="only these: person, vehicle...")  # fmt: skip

    def handle(self, *args: object, what: str, **options: Any) -> None:
        officer, form = officer_named(options["by"]), options["form"] or _form(options["file"])
        try:
            if what == "import":
                self._import(officer, form, options)
            else:
                self._export(officer, form, options)
        except Invalid as wrong:
            raise CommandError(" ".join(wrong.fields.values())) from None

    def _import(self, officer: Officer, form: str, options: dict[str, Any]) -> None:
        asked = _asked(form, options)
        with options["file"].open("rb") as file:
            try:
                report = (rehearse if options["dry_run"] else take_in)(officer, file, asked)
            except Refused as refused:
                report = refused.report
        self._tell(report)

    def _tell(self, report: Report) -> None:
        for fault in report.faults[:TOLD]:
            self.stdout.write(str(fault))
        for what, count in report.left_out.items():
            self.stdout.write(_("left out: %(what)s, %(count)d times") % {"what": what, "count": count})
        if report.faults:
            raise CommandError(report.summary)
        self.stdout.write(report.summary)

    def _export(self, officer: Officer, form: str, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            # For this user's eyes only, and never over a file that is there.
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CommandError(_("%(file)s is there already.") % {"file": path}) from None
        try:
            with open(opened, "wb") as file:
                given = give_out(officer, file, form, options["purpose"], options["kind"])
        except BaseException:
            path.unlink()
            raise
        counts = {name: getattr(given, name) for name in ("subjects", "statements", "links")}
        self.stdout.write(_("Given out: %(subjects)d subjects, %(statements)d statements, %(links)d links.") % counts)
        if given.kept_back:
            told = _("Kept back until their owners are asked: %(count)d statements and links.")
            self.stdout.write(told % {"count": given.kept_back})


def _shared(one: ArgumentParser, verb: str) -> None:
    one.add_argument("file", type=Path)
    one.add_argument("--purpose", required=True, help=f"why: it stands in the journal beside the {verb}")
    one.add_argument("--by", required=True, metavar="NAME", help="sign-in name of the officer who does it")
    one.add_argument("--form", default="", choices=sorted(READERS.keys() & WRITERS.keys()), metavar="ftm|csv|xlsx",
                     help="of the file, where its name does not say it")  # fmt: skip


def _asked(form: str, options: dict[str, Any]) -> Asked:
    evaluation = Evaluation(
        from_kind="import",
        handling=options["handling"],
        handling_note=options["handling_note"],
        source_grade=options["source_grade"],
        information_grade=options["information_grade"],
        necessity=options["necessity"],
    )
    columns = Columns(kind=options["kind"], category=options["category"], meaning=dict(options["column"]))
    return Asked(
        form=form,
        name=options["file"].name,
        source=options["source"],
        purpose=options["purpose"],
        columns=columns,
        evaluation=evaluation,
        exact=not options["as_it_is"],
    )


def _form(path: Path) -> str:
    found = form_of(path.name)
    if not found:
        raise CommandError(_("Say with --form what the file is: ftm, csv or xlsx."))
    return found


def _meaning(text: str) -> tuple[str, str]:
    header, sign, name = text.rpartition("=")
    if not sign or not header.strip() or not name.strip():
        raise ArgumentTypeError(f"{text!r} is not of the form HEADER=PROPERTY")
    return " ".join(header.split()), name.strip()
