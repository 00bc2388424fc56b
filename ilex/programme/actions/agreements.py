"""Agreements on the exchange of staff: proposed, agreed, changed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from django.utils.timezone import now
from django.utils.translation import gettext as _
from pydantic import ValidationError

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.giving import post, post_again
from ilex.programme.actions.stepping import agent
from ilex.programme.messages import AgreementAnsweredBody, AgreementBody, TermsBody
from ilex.programme.models import Action, AgreementStep, ExchangeAgreement
from ilex.programme.queries.equipment import last_word
from ilex.programme.rules.agreements import digest_of, terms_digest
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster, written
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

State = ExchangeAgreement.State
IN_FORCE: Final = (State.AGREED, State.DIFFERS)
Say = Literal["proposed", "changed"]


def draft_agreement(
    officer: Officer, partner: str, terms: Mapping[str, Any], action: Action | None = None
) -> ExchangeAgreement:
    """Nothing leaves yet. `terms` are the fields of TermsBody. Raises Invalid."""
    check(officer, "agreement.sign")
    unit = Organisation.objects.filter(pk=partner, kind=Organisation.Kind.UNIT).exclude(pk=units.here().pk).first()
    if unit is None:
        raise Invalid({"partner": _("Choose a unit from the list.")})
    said = _checked(terms, unit)
    with act("agreement.drafted", Operation.COLLECTION, by=officer) as this:
        made = ExchangeAgreement.objects.create(
            partner=unit,
            action=action,
            terms=said.model_dump(mode="json"),
            digest=terms_digest(said),
            made_by=officer,
            made_at=now(),
            changed_at=now(),
        )
        note(made, officer)
        this.on = ("agreement", str(made.pk))
    return made


def propose_agreement(officer: Officer, agreement: ExchangeAgreement) -> None:
    """Send the draft to the partner, who agrees or declines. Raises NotNow."""
    check(officer, "agreement.sign")
    with act("agreement.proposed", Operation.DISCLOSURE, by=officer, on=_on(agreement)) as this:
        row = locked(agreement)
        must_be(row, State.DRAFT)
        step(row, State.PROPOSED, officer)
        this.recipients = [row.partner_id]
        tell(row, "proposed", officer)
    agreement.refresh_from_db()


def answer_agreement(
    officer: Officer,
    agreement: ExchangeAgreement,
    decision: Literal["agreed", "declined"],
    reason: str = "",
    seen: str | None = None,
) -> None:
    """To the partner's proposal; or, where the copies differ, agree to the partner's. Raises Invalid, NotNow.

    `seen` is the digest of the terms that the officer read: nobody agrees to others that came a moment ago.
    """
    check(officer, "agreement.sign")
    if decision == "declined":
        reason = written("reason", reason, _("Say why, so that they can tell."), 300)
    with act(f"agreement.{decision}", Operation.DISCLOSURE, by=officer, on=_on(agreement), reason=reason) as this:
        row = locked(agreement)
        must_be(row, *([State.ASKED, State.DIFFERS] if decision == "agreed" else [State.ASKED]))
        if row.state == State.DIFFERS:
            _adopt(row)
        _must_be_seen(row, seen)
        if decision == "agreed":
            row.agreed_digest = row.their_digest = row.digest
        step(row, State(decision), officer, reason)
        this.recipients = [row.partner_id]
        _answer(row, decision, reason, officer)
    agreement.refresh_from_db()


def change_agreement(
    officer: Officer, agreement: ExchangeAgreement, terms: Mapping[str, Any], seen: str | None = None
) -> None:
    """A draft quietly; else the partner is told at once, and the copies differ until its side says the same.

    `seen` is the digest of the terms that the officer changed. Raises Invalid, NotNow.
    """
    check(officer, "agreement.sign")
    said = _checked(terms, agreement.partner)
    with act("agreement.changed", Operation.ALTERATION, by=officer, on=_on(agreement)) as this:
        row = locked(agreement)
        must_be(row, State.DRAFT, State.PROPOSED, State.ASKED, *IN_FORCE)
        _must_be_seen(row, seen)
        if terms_digest(said) == bytes(row.digest):
            raise Invalid({"title": _("Nothing is changed.")})
        row.terms, row.digest = said.model_dump(mode="json"), terms_digest(said)
        row.version += row.state != State.DRAFT
        if row.state == State.DRAFT:
            step(row, State.DRAFT, officer)
        else:
            in_force = row.state in IN_FORCE
            same = in_force and row.their_digest is not None and bytes(row.their_digest) == row.digest
            if same:
                row.agreed_digest = row.digest
            step(row, State.AGREED if same else State.DIFFERS if in_force else State.PROPOSED, officer)
            this.recipients = [row.partner_id]
            tell(row, "changed" if in_force else "proposed", officer)
        this.detail |= {"version": row.version}
    agreement.refresh_from_db()


def end_agreement(officer: Officer, agreement: ExchangeAgreement, reason: str) -> None:
    """It holds no longer; the partner is told why. Raises Invalid, NotNow."""
    check(officer, "agreement.sign")
    reason = written("reason", reason, _("Say why, so that they can tell."), 300)
    with act("agreement.ended", Operation.DISCLOSURE, by=officer, on=_on(agreement), reason=reason) as this:
        row = locked(agreement)
        must_be(row, State.DRAFT, State.PROPOSED, *IN_FORCE)
        told = row.state != State.DRAFT
        step(row, State.ENDED, officer, reason)
        if told:
            this.recipients = [row.partner_id]
            _answer(row, "ended", reason, officer)
    agreement.refresh_from_db()


def send_again(officer: Officer, agreement: ExchangeAgreement) -> None:
    """The last message of ours about it, which was lost. Raises NotNow."""
    check(officer, "agreement.sign")
    with act("agreement.sent-again", Operation.DISCLOSURE, by=officer, on=_on(agreement)) as this:
        message = post_again(last_word(locked(agreement)), officer)
        this.recipients = list(message.recipients)


def locked(agreement: ExchangeAgreement) -> ExchangeAgreement:
    rows = ExchangeAgreement.objects.select_for_update(of=("self",)).select_related("partner")
    return rows.get(pk=agreement.pk)


def must_be(agreement: ExchangeAgreement, *states: str) -> None:
    if agreement.state not in states:
        raise NotNow(_("The agreement is in another state by now. Look at it again."))


def step(agreement: ExchangeAgreement, state: str, by: Officer | None, text: str = "") -> None:
    """Save a locked row in this state, with a line in its history."""
    agreement.state, agreement.changed_at = State(state), now()
    agreement.save()
    note(agreement, by, text)


def note(agreement: ExchangeAgreement, by: Officer | None, text: str = "") -> None:
    AgreementStep.objects.create(
        agreement=agreement,
        state=agreement.state,
        version=agreement.version,
        digest=agreement.digest,
        at=now(),
        by=by,
        text=text[:300],
    )


def tell(agreement: ExchangeAgreement, say: Say, by: Officer | None) -> None:
    """Our copy, whole, to the partner."""
    terms = TermsBody.model_validate(agreement.terms)
    body = AgreementBody(
        agent=agent(by),
        number=agreement.pk,
        version=agreement.version,
        terms=terms,
        digest=terms_digest(terms).hex(),
        say=say,
    )
    post("programme.agreement", body, [agreement.partner_id], agreement.conversation, by)


def _answer(
    agreement: ExchangeAgreement, decision: Literal["agreed", "declined", "ended"], reason: str, by: Officer
) -> None:
    digest = bytes(agreement.digest).hex()
    body = AgreementAnsweredBody(agent=agent(by), number=agreement.pk, digest=digest, decision=decision, reason=reason)
    post("programme.agreement-answered", body, [agreement.partner_id], agreement.conversation, by)


def _adopt(agreement: ExchangeAgreement) -> None:
    """Their terms become ours. Raises NotNow when we have not got them."""
    if not agreement.their_terms:
        raise NotNow(_("The partner has not sent its copy yet."))
    agreement.terms = agreement.their_terms
    agreement.digest = digest_of(agreement.terms)
    agreement.version += 1


def _must_be_seen(agreement: ExchangeAgreement, seen: str | None) -> None:
    if seen is not None and seen != bytes(agreement.digest).hex():
        raise somebody_was_faster()


def _checked(terms: Mapping[str, Any], partner: Organisation) -> TermsBody:
    """Raises Invalid with every fault."""
    faults: dict[str, str] = {}
    for name, text in terms.items():
        if isinstance(text, str):
            try:
                fitting(name, text, 40_000)
            except Invalid as wrong:
                faults |= wrong.fields
    sentences = {
        "title": _("Write the title."),
        "since": _("Write the day on which it begins."),
        "until": _("Write the day as in 2027-12-31, or leave it empty."),
        "most_people": _("Write a number of people from 1 to 200."),
        "stay": _("Write the length as a number and a unit: P14D, P2W, P6M."),
        "": _("The end lies before the beginning."),
    }
    try:
        said = TermsBody.model_validate(terms)
    except ValidationError as wrong:
        for error in wrong.errors():
            name = str(error["loc"][0]) if error["loc"] else ""
            sentence = sentences.get(name) or _("The text is too long, or cannot be kept.")
            faults.setdefault(name or "until", sentence)
    if faults:
        raise Invalid(faults)
    if {*said.sends, *said.hosts} != {units.here().pk, partner.pk}:
        raise Invalid({"sends": _("One of the two units sends people, and the other one hosts them.")})
    return said


def _on(agreement: ExchangeAgreement) -> tuple[str, str]:
    return "agreement", str(agreement.pk)
