"""The kinds told apart in the programme: choices of the tables, and read from the seed files without a database."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActionKind(TextChoices):
    FACILITY = "facility", pgettext_lazy("of funding", "Facility")
    PROGRAMME = "programme", _("Programme")
    PROJECT = "project", _("Project")
    PHASE = "phase", _("Phase")
    COMPONENT = "component", _("Component")
    DIALOGUE = "dialogue", _("Dialogue")


class ActionStatus(TextChoices):
    """What a source or the owner says. The dates alone say nothing: an action may be prolonged or never begin."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class ActivityKind(TextChoices):
    KICK_OFF = "kick-off", _("Kick-off meeting")
    MEETING = "meeting", _("Meeting")
    WORKSHOP = "workshop", _("Workshop")
    REGIONAL_EVENT = "regional-event", _("Regional thematic event")
    ROUNDTABLE = "roundtable", _("Roundtable")
    CONFERENCE = "conference", _("Conference")
    VISIT = "visit", _("Study visit")
    EXCHANGE = "exchange", _("Staff exchange")
    TRAINING = "training", _("Training")
    SUMMER_SCHOOL = "summer-school", _("Summer school")
    ASSESSMENT = "assessment", _("Assessment of needs")
    MAPPING = "mapping", _("Mapping by questionnaire")
    STUDY = "study", _("Study")
    WRITING = "writing", _("Writing of a manual, guide or plan")
    COORDINATION = "coordination", _("Coordination")
    AGREEMENT = "agreement", _("Agreement")
    JOINT_PATROL = "joint-patrol", _("Joint patrol")
    JOINT_OPERATION = "joint-operation", _("Joint operation or investigation")
    OTHER = "other", _("Other activity")


class Mode(TextChoices):
    THERE = "there", _("In one place")
    ONLINE = "online", _("Online")
    BOTH = "both", _("In one place and online")


class Level(TextChoices):
    BILATERAL = "bilateral", _("Bilateral")
    TRILATERAL = "trilateral", _("Trilateral")
    REGIONAL = "regional", _("Regional")


class InvolvementRole(TextChoices):
    """Who is what in an action, an activity or a session; in the order in which a factsheet tells them."""

    FUNDER = "funder", _("Funded by")
    DONOR = "donor", _("Donor")
    CONTRACTOR = "contractor", _("Contracted by")
    IMPLEMENTING = "implementing", _("Implemented by")
    EXECUTING = "executing", _("Executing agency")
    NOMINATING_STATE = "nominating-state", _("On behalf of")
    COLLABORATING = "collaborating", _("In collaboration with")
    PARTNER = "partner", _("Partner")
    MEMBER_STATE = "member-state", _("Member State")
    PARTNER_COUNTRY = "partner-country", _("Partner country")
    FOCUS_COUNTRY = "focus-country", _("Country in focus")
    TARGET_REGION = "target-region", _("Region")
    COUNTRY = "country", _("Country")
    BENEFICIARY = "beneficiary", _("For the benefit of")
    ORGANISER = "organiser", _("Organiser")
    HOST = "host", _("Host")
    PREPARER = "preparer", _("Prepares it")
    CHAIR = "chair", _("Chair")
    SECRETARIAT = "secretariat", _("Secretariat")
    MODERATOR = "moderator", _("Moderator")
    SPEAKER = "speaker", _("Speaker")
    LECTURER = "lecturer", _("Teaches")
    AUTHOR = "author", _("Author")
    PARTICIPANT = "participant", _("Participant")
    AUDIENCE = "audience", _("Meant for")
    GUEST = "guest", _("Guest")
    ADDRESSEE = "addressee", _("Addressee")
    SIGNATORY = "signatory", _("Signatory")
    ADOPTER = "adopter", _("Adopted by")
    SUPPORTER = "supporter", _("Supported by")


class InvolvementState(TextChoices):
    ASKED = "asked", _("Asked")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    ENDED = "ended", _("Ended")


class AmountRole(TextChoices):
    """The roles of ilex.words.amounts, as people read them."""

    TOTAL = "total", _("Budget")
    CONTRIBUTION = "contribution", _("Contribution")
    OWN = "own", _("Partners' own part")
    SPENT = "spent", _("Spent")
    PRICE = "price", _("Price")


class ObjectiveLevel(TextChoices):
    OVERALL = "overall", _("Overall objective")
    SPECIFIC = "specific", _("Specific objective")
    WIDER = "wider", _("Wider aim")
    LASTING = "lasting", _("Lasting effect")


class FindingKind(TextChoices):
    NEED = "need", _("Need")
    GAP = "gap", _("Gap")
    PROBLEM = "problem", _("Problem")
    CHALLENGE = "challenge", _("Challenge")
    OPPORTUNITY = "opportunity", _("Opportunity")
    OPTION = "option", _("Option")
    GOOD_PRACTICE = "good-practice", _("Good practice")
    LESSON = "lesson", _("Lesson learned")
    FINDING = "finding", _("Finding")
    RECOMMENDATION = "recommendation", _("Recommendation or priority")
    FIGURE = "figure", _("Figure")
    TARGET = "target", _("Target")
    STATEMENT = "statement", pgettext_lazy("finding", "Said by a speaker")


class RemarkKind(TextChoices):
    BACKGROUND = "background", _("Background")
    RULE = "rule", _("Rule")
    NAME = "name", _("On a name")
    CONTACT = "contact", _("Contact")
    SHEET = "sheet", _("On the source itself")
    DOUBT = "doubt", _("Not certain")
    FIGURE = "figure", _("Figure")
    OPTION = "option", _("Option")
    CALL = "call", pgettext_lazy("remark", "Call")
    STATEMENT = "statement", pgettext_lazy("remark", "Said by a speaker")


class SourceKind(TextChoices):
    FACTSHEET = "factsheet", _("Factsheet")
    PAGE = "page", _("Web page")
    FEED = "feed", _("News feed")
    LETTER = "letter", _("Letter or message")
    OWN = "own", _("Our own record")


class OutcomeKind(TextChoices):
    OUTPUT = "output", _("Output")
    AGREED = "agreed", _("Agreed")


class Waits(TextChoices):
    """Why an activity waits for somebody."""

    SOON = "soon", _("It begins within a week")
    HELD = "held", _("It is over, and nobody has said that it was held")
    OUTCOMES = "outcomes", _("Something agreed is due")
    UNDECIDED = "undecided", _("Sources differ, and nobody has decided")


class AssetKind(TextChoices):
    COMMUNICATION = "communication-equipment", _("Communication equipment")
    COMPUTER = "computer", _("Computer or peripheral")
    SOFTWARE = "software", _("Software or licence")
    VEHICLE = "vehicle", pgettext_lazy("asset", "Vehicle")
    SURVEILLANCE = "surveillance", _("Surveillance or detection")
    OFFICE = "office", _("Office equipment")
    OTHER = "other", _("Other equipment")


class SessionForm(TextChoices):
    PRESENTATION = "presentation", _("Presentation")
    DISCUSSION = "discussion", _("Open discussion")
    BOTH = "presentation and moderated open discussion", _("Presentation and moderated open discussion")
    EXERCISE = "exercise", _("Exercise")
    VISIT = "visit", pgettext_lazy("session", "Visit")
    BREAK = "break", _("Break")
