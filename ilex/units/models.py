"""Who is who: places, organisations, officers, agreements, and the partner directory."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.units import kinds


class Place(models.Model):
    """A state, territory, region or group of places. The code is ISO 3166 where one exists, else ours."""

    Kind = kinds.PlaceKind

    code = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    zone = models.CharField(max_length=40, blank=True)  # IANA time zone; empty for groups

    def __str__(self) -> str:
        return self.code


class PlaceName(models.Model):
    """One name of a place in one language and style, with the dates in which it is or was used."""

    Style = kinds.NameStyle

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    language = models.CharField(max_length=12)
    style = models.CharField(max_length=12, choices=Style)
    text = models.CharField(max_length=200)
    footnote = models.TextField(blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # exclusive: the first day on which it no longer holds
    source = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "language", "style", "text", "since"],
                nulls_distinct=False,
                name="units_placename_once",
            )
        ]


class Membership(models.Model):
    """A place belongs to a group from one day to another."""

    group = models.ForeignKey(Place, models.CASCADE, related_name="members")
    member = models.ForeignKey(Place, models.CASCADE, related_name="memberships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400)
    mark = models.CharField(max_length=1)  # S: read in the source; K: known, to be checked

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member", "since"], nulls_distinct=False, name="units_membership_once"
            )
        ]


class Organisation(models.Model):
    """A unit, ministry, police, academy, agency or office. Its id never changes; acronyms collide and do."""

    Kind = kinds.OrganisationKind

    id = models.SlugField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    name = models.CharField(max_length=300)  # in English; other languages stand in OrganisationName
    acronym = models.CharField(max_length=40, blank=True)
    designated = models.BooleanField(default=False)  # may send requests itself: Directive 2023/977 Art. 4(1)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)  # accepted, best first
    channels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=400, blank=True)
    mark = models.CharField(max_length=1, blank=True)
    footnote = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class OrganisationName(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    language = models.CharField(max_length=12)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "language"], name="units_organisationname_once")]


class Contact(models.Model):
    """How a unit is reached: an office line, never a private one."""

    Kind = kinds.ContactKind

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "value"], name="units_contact_once")]


class Agreement(models.Model):
    """What two or more places agreed; it names the legal profile by which their requests run.

    A party may be a group: then all who are its members on the day are parties.
    """

    id = models.SlugField(max_length=60, primary_key=True)
    title = models.CharField(max_length=300)
    profile = models.CharField(max_length=40)  # a profile of ilex.words.law
    parties = models.ManyToManyField(Place, related_name="agreements")
    rank = models.PositiveSmallIntegerField(default=100)  # where several hold, the lowest goes first
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=400)
    mark = models.CharField(max_length=1)


class Role(models.TextChoices):
    DUTY = "duty", _("Duty officer")
    CASE = "case", _("Case officer")
    HEAD = "head", _("Head of unit")
    COORDINATOR = "coordinator", _("National coordinator")
    EDITOR = "editor", _("Editor")
    TRANSLATOR = "translator", _("Translator")
    AUTHORITY = "authority", _("National authority")
    PROTECTION = "protection", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class OfficerManager(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str | None) -> Officer:
        return self.get(sign_in=(username or "").strip().lower())


class Officer(AbstractBaseUser):
    """A person who signs in at this node. Lives only here and never travels, except as a function."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sign_in = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    function = models.CharField(max_length=160, blank=True)  # what partners may see instead of a name
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="officers")
    roles = ArrayField(models.CharField(max_length=16, choices=Role), default=list)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    page_language = models.CharField(max_length=12, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[OfficerManager] = OfficerManager()

    def __str__(self) -> str:
        return self.name


class Circle(models.Model):
    """A closed circle: what stands in it is seen by these officers alone, whatever their roles allow."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    officers = models.ManyToManyField(Officer, related_name="circles")
