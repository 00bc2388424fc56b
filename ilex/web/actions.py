"""Signing in and out, and the choices of one officer. Each leaves its line in the journal."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.timezone import now

from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.web.models import Preference
from ilex.web.queries import shut_until

LONGEST_SIGN_IN = 60


class Refused(Exception):
    """The sign-in name and the password do not belong together, or the officer is no longer active."""


class Shut(Exception):
    """Too many sign-ins failed. `until` is the moment from which one can be tried again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


def sign_in(request: HttpRequest, name: str, password: str, at: datetime | None = None) -> Officer:
    """Open a session. Takes as long for a name that exists as for one that does not; raises Refused or Shut."""
    at = at or now()
    address = request.META.get("REMOTE_ADDR", "")
    with transaction.atomic():
        _one_at_a_time(name, address)
        if until := shut_until(name, address, at):
            raise Shut(until)
        officer = authenticate(request, username=name, password=password)
        if officer is None:
            write("sign-in.refused", Operation.ACCESS, by=None, on=("sign-in", name), address=address)
        else:
            login(request, officer)
            write("sign-in.accepted", Operation.ACCESS, by=officer, on=("sign-in", name), address=address)
    if officer is None:  # raised outside: the line about it must be kept
        raise Refused
    return officer


def sign_out(request: HttpRequest, officer: Officer) -> None:
    with transaction.atomic():
        logout(request)
        write("sign-in.ended", Operation.ACCESS, by=officer, on=("sign-in", officer.sign_in))


def choose(officer: Officer, *, language: str, theme: str, single_keys: bool) -> None:
    with transaction.atomic():
        choose_language(officer, language)
        Preference.objects.update_or_create(officer=officer, defaults={"theme": theme, "single_keys": single_keys})


def choose_language(officer: Officer, language: str) -> None:
    with transaction.atomic():
        changed = Officer.objects.filter(pk=officer.pk).exclude(page_language=language)
        if changed.update(page_language=language):
            write(
                *("officer.language-chosen", Operation.OPERATION),
                by=officer,
                on=("officer", str(officer.pk)),
                language=language,
            )


def change_password(request: HttpRequest, officer: Officer, password: str) -> None:
    """Keep the new password. The officer's other sessions end; this one goes on."""
    with transaction.atomic():
        officer.set_password(password)
        officer.save(update_fields=["password"])
        update_session_auth_hash(request, officer)
        write("officer.password-changed", Operation.ACCESS, by=officer, on=("officer", str(officer.pk)))


def _one_at_a_time(name: str, address: str) -> None:
    """Attempts for one name or from one address wait for each other: many at once cannot pass the count together."""
    with connection.cursor() as cursor:
        for what in sorted({f"sign-in name {name}", f"sign-in address {address}"}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
