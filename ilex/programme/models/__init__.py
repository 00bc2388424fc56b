"""The tables of the programme, a file for each noun."""

from ilex.programme.models.actions import Action, ActionText, Amount, Claim, Finding, Objective, Remark
from ilex.programme.models.activities import Activity, Location, Outcome, Series, Session
from ilex.programme.models.agreements import AgreementStep, ExchangeAgreement
from ilex.programme.models.assets import Asset, AssetStep, Handover, HandoverLine
from ilex.programme.models.base import Dated, Source, Sourced
from ilex.programme.models.involvements import Involvement, Person
from ilex.programme.models.nominations import (
    Certificate,
    Evaluation,
    Invitation,
    Nomination,
    NominationStep,
    Quota,
    Travel,
)
from ilex.programme.models.outward import CalendarKey, Factsheet

__all__ = [
    "Action",
    "ActionText",
    "Activity",
    "AgreementStep",
    "Amount",
    "Asset",
    "AssetStep",
    "CalendarKey",
    "Certificate",
    "Claim",
    "Dated",
    "Evaluation",
    "ExchangeAgreement",
    "Factsheet",
    "Finding",
    "Handover",
    "HandoverLine",
    "Invitation",
    "Involvement",
    "Location",
    "Nomination",
    "NominationStep",
    "Objective",
    "Outcome",
    "Person",
    "Quota",
    "Remark",
    "Series",
    "Session",
    "Source",
    "Sourced",
    "Travel",
]
