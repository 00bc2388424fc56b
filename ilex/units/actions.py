"""The verbs: load the directory, let officers in and change what they may. The caller writes the journal lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ilex.units.loading import Counts, load_directory
from ilex.units.models import Officer, Organisation, Role

__all__ = ["Counts", "add_officer", "change_officer", "load_directory", "renew_password"]

SIGN_IN = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


def add_officer(
    sign_in: str,
    name: str,
    roles: Sequence[str],
    organisation: Organisation | str,
    languages: Sequence[str] = (),
    page_language: str = "en",
    password: str = "",
    *,
    function: str = "",
) -> Officer:
    """Let a person in. Raises ValidationError, field by field, and then nothing is kept."""
    officer = Officer(
        sign_in=sign_in.strip().lower(),
        name=name.strip(),
        function=function.strip(),
        organisation=_organisation(organisation),
        languages=list(languages),
        page_language=page_language,
        roles=_roles(roles),
    )
    if not SIGN_IN.fullmatch(officer.sign_in):
        raise ValidationError({"sign_in": _("Use letters a to z and digits, with dots or hyphens between them.")})
    _set_password(officer, password)
    return _keep(officer)


def change_officer(
    officer: Officer,
    *,
    roles: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    page_language: str | None = None,
    is_active: bool | None = None,
) -> Officer:
    """Change what is given; an officer who leaves is made inactive, never removed. Raises ValidationError."""
    changes = {
        "roles": None if roles is None else _roles(roles),
        "languages": None if languages is None else list(languages),
        "page_language": page_language,
        "is_active": is_active,
    }
    for field, value in changes.items():
        if value is not None:
            setattr(officer, field, value)
    return _keep(officer)


def renew_password(officer: Officer, password: str) -> Officer:
    """Set a new password; it ends the sessions of the old one. Raises ValidationError."""
    _set_password(officer, password)
    return _keep(officer)


def _organisation(given: Organisation | str) -> Organisation:
    if isinstance(given, Organisation):
        return given
    found = Organisation.objects.filter(id=given).first()
    if found is None:
        raise ValidationError(
            {"organisation": _("There is no organisation “%(id)s” in the directory.") % {"id": given}}
        )
    return found


def _roles(roles: Sequence[str]) -> list[str]:
    given = list(dict.fromkeys(roles))
    if not given:
        raise ValidationError({"roles": _("Give the officer at least one role.")})
    for role in given:
        if role not in Role.values:
            words = {"role": role, "known": ", ".join(Role.values)}
            raise ValidationError({"roles": _("There is no role “%(role)s”. The roles are: %(known)s.") % words})
    return given


def _set_password(officer: Officer, password: str) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as refused:
        raise ValidationError({"password": refused.messages}) from None
    officer.set_password(password)


def _keep(officer: Officer) -> Officer:
    officer.full_clean()
    try:
        with transaction.atomic():
            officer.save()
    except IntegrityError:  # somebody took the sign-in name between the check and the writing
        raise ValidationError({"sign_in": _("This sign-in name is taken.")}) from None
    return officer
