"""The kinds told apart in the directory: choices of the tables, and read from the data files without a database."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlaceKind(TextChoices):
    STATE = "state", pgettext_lazy("place", "State")
    TERRITORY = "territory", _("Territory")
    GROUP = "group", _("Group")
    CITY = "city", _("City")


class NameStyle(TextChoices):
    SHORT = "short", _("Short name")
    OFFICIAL = "official", _("Official name")
    PRINTED = "printed", _("As printed by a source")


class OrganisationKind(TextChoices):
    UNIT = "unit", _("Coordination unit")
    AUTHORITY = "authority", _("National authority")
    MINISTRY = "ministry", _("Ministry")
    INSTITUTION = "institution", _("Training institution")
    AGENCY = "agency", _("Agency")
    INTERNATIONAL = "international", _("International organisation")
    FACILITY = "facility", _("Facility")
    OTHER = "other", _("Other organisation")


class ContactKind(TextChoices):
    TELEPHONE = "telephone", _("Telephone")
    EMAIL = "e-mail", _("E-mail")
    ADDRESS = "address", _("Address")
    WEB = "web", _("Web")
    SOCIAL = "social", _("Social network")
