"""Accounts as an operator makes and ends them: each with its line in the journal."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.journal import actions as journal
from ilex.journal.models import Operation
from ilex.units import actions as units
from ilex.units.models import Officer
from ilex.units.queries import here


def add(
    sign_in: str,
    name: str,
    roles: Sequence[str],
    languages: Sequence[str],
    page_language: str,
    password: str,
    function: str = "",
    organisation: str = "",
) -> Officer:
    """Of this unit, or of the organisation of the directory that is named: a national authority."""
    with journal.act("officer.added", Operation.ACCESS, by=None, roles=list(roles)) as this:
        words = (sign_in, name, roles, organisation or here(), languages, page_language, password)
        officer = units.add_officer(*words, function=function)
        this.on = ("officer", str(officer.pk))
    return officer


def renew_password(officer: Officer, password: str) -> None:
    with journal.act("officer.password", Operation.ACCESS, by=None, on=("officer", str(officer.pk))):
        units.renew_password(officer, password)


def close(officer: Officer) -> None:
    with journal.act("officer.closed", Operation.ACCESS, by=None, on=("officer", str(officer.pk))):
        units.change_officer(officer, is_active=False)
