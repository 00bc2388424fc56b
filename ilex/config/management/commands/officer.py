from __future__ import annotations

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ilex.config import officers
from ilex.units.models import Officer, Role


class Command(BaseCommand):
    help = "Adds, lists and closes the accounts of the unit's officers, and gives them a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="add | list | password | close")
        add = what.add_parser("add", help="a new account")
        add.add_argument("sign_in")
        add.add_argument("--name", required=True)
        add.add_argument("--roles", type=_roles, required=True, help=f"some of {','.join(Role.values)}")
        add.add_argument("--languages", type=_words, default=["en"], help="what the officer reads, best first (en)")
        add.add_argument("--page-language", default="en")
        add.add_argument("--function", default="", help="what partners read instead of the name")
        add.add_argument("--organisation", default="", help="a national authority in the directory (this unit)")
        what.add_parser("list", help="all accounts")
        password = what.add_parser("password", help="a new password")
        password.add_argument("sign_in")
        for one in (add, password):
            one.add_argument("--password-file", type=Path, help="the password is asked for without it")
        close = what.add_parser("close", help="no longer signs in; everything done stays")
        close.add_argument("sign_in")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['what']}")(options)

    def _add(self, options: dict[str, Any]) -> None:
        if Officer.objects.filter(sign_in=options["sign_in"]).exists():
            raise CommandError(f"{options['sign_in']} has an account already")
        officer = officers.add(
            options["sign_in"],
            options["name"],
            options["roles"],
            options["languages"],
            options["page_language"],
            _password(options["password_file"]),
            options["function"],
            options["organisation"],
        )
        self.stdout.write(f"{officer.sign_in} has an account.")

    def _list(self, options: dict[str, Any]) -> None:
        for officer in Officer.objects.order_by("sign_in"):
            state = "" if officer.is_active else "  closed"
            self.stdout.write(f"{officer.sign_in}  {officer.name}  {','.join(officer.roles)}{state}")

    def _password(self, options: dict[str, Any]) -> None:
        officer = _officer(options["sign_in"])
        officers.renew_password(officer, _password(options["password_file"]))
        self.stdout.write(f"{officer.sign_in} has a new password, and is signed out everywhere.")

    def _close(self, options: dict[str, Any]) -> None:
        officer = _officer(options["sign_in"])
        if not officer.is_active:
            raise CommandError(f"the account of {officer.sign_in} is closed already")
        officers.close(officer)
        self.stdout.write(f"{officer.sign_in} no longer signs in.")


def _officer(sign_in: str) -> Officer:
    try:
        return Officer.objects.get(sign_in=sign_in)
    except Officer.DoesNotExist as error:
        raise CommandError(f"nobody signs in as {sign_in}") from error


def _roles(text: str) -> list[str]:
    roles = _words(text)
    if unknown := set(roles) - set(Role.values):
        raise CommandError(f"{', '.join(sorted(unknown))} is no role; the roles are {', '.join(Role.values)}")
    return roles


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word for word in text.split(",") if word))


def _password(file: Path | None) -> str:
    """Never from the command line, where every account of the machine can read it."""
    if file is None:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("The same again: "):
            raise CommandError("the two passwords are not the same")
        return password
    return file.read_text(encoding="utf-8").rstrip("\r\n")
