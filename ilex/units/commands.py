"""What commands of several rooms ask on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from ilex.units.models import Officer


def officer_named(name: str) -> Officer:
    """The active officer who signs in under this name. Raises CommandError."""
    found = Officer.objects.filter(sign_in=name.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(_("No officer signs in as “%(name)s”.") % {"name": name})
    return found


def officer_if_named(name: str | None) -> Officer | None:
    """The same where the command may be given by whoever runs the node: None without a name."""
    return None if name is None else officer_named(name)
