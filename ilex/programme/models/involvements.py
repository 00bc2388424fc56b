"""Who takes what part: places, organisations and persons in actions, activities and sessions. Up to a million rows."""

from __future__ import annotations

from django.db import models

from ilex.gate.ids import uuid7
from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.models.actions import Action, counted
from ilex.programme.models.activities import Activity, Session
from ilex.programme.models.base import Sourced, TakenBack
from ilex.units.models import Organisation, Place
from ilex.words.edtf import LONGEST


class Person(models.Model):
    """Somebody who takes part, by function. The name is kept only at the node that needs it and never travels."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=160, blank=True)
    function = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "function", "organisation", "place"],
                nulls_distinct=False,
                name="programme_person_once",
            ),
        ]

    def __str__(self) -> str:
        return self.function


class Involvement(Sourced, TakenBack):
    """One part that one takes in one thing: partner, donor, host, speaker, country in focus."""

    Role, State = InvolvementRole, InvolvementState

    action = models.ForeignKey(Action, models.CASCADE, null=True, db_index=False, related_name="involvements")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, db_index=False, related_name="involvements")
    session = models.ForeignKey(Session, models.CASCADE, null=True, db_index=False, related_name="involvements")
    role = models.CharField(max_length=20, choices=InvolvementRole)
    place = models.ForeignKey(Place, models.PROTECT, null=True, db_index=False, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, db_index=False, related_name="involvements")
    state = models.CharField(max_length=10, choices=InvolvementState, blank=True)  # empty: as the source says
    order = models.PositiveSmallIntegerField(default=0)  # as printed
    when = models.CharField(max_length=LONGEST, blank=True)  # the time of this part, where it is not the whole
    quantity = models.CharField(max_length=80, blank=True)  # ~<40 countries, where a number stands for a list
    printed = models.CharField(max_length=300, blank=True)  # the name as the source prints it: Macedonia
    footnote_mark = models.CharField(max_length=4, blank=True)
    footnote = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=counted("action", "activity", "session", exactly=1), name="programme_involvement_what"
            ),
            models.CheckConstraint(
                condition=counted("place", "organisation", "person", exactly=1), name="programme_involvement_who"
            ),
            *(
                models.UniqueConstraint(
                    fields=[what, "role", "place", "organisation", "person"],
                    include=["state", "taken_back_at"],  # with them who needs what is read from the index alone
                    nulls_distinct=False,
                    condition=models.Q(**{f"{what}__isnull": False}),
                    name=f"programme_involvement_{what}",  # also the index of each page
                )
                for what in ("action", "activity", "session")
            ),
        ]
        indexes = [
            models.Index(
                fields=[who, "role"],
                name=f"programme_involved_{who[:5]}",
                condition=models.Q(**{f"{who}__isnull": False}),
            )
            for who in ("place", "organisation", "person")
        ]
