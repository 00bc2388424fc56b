"""Certificates: small enough to be printed, read from paper, verified by kept keys, and refused when forged."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
import typst
import zxingcpp
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from ilex.exchange.papers.press import FONTS
from ilex.gate.actions.renewing import renew_keys
from ilex.gate.cards import own_card
from ilex.gate.keys import KeyRing
from ilex.gate.signing import import_jwk
from ilex.programme.actions import attending, certificates, deciding, erasing, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.models import Certificate, Nomination
from ilex.programme.papers.certificates import TEMPLATE, certificate_pdf, printed
from ilex.programme.papers.letters import letter_pdf
from ilex.programme.queries.certificates import own_keys, verified
from ilex.programme.rules.certificates import LARGEST, Key, NotVerified, Words, sign, verify
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from tests.gate.partners import make_ring
from tests.programme.inviting import invited, invites, nominates, over, person, sent, workshop
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

NAME = "Ѓорѓи Измислен"


def attended(vera: Officer, ceca: Partner, *names: str) -> list[Nomination]:
    """People of Skopje who came to a workshop of ours."""
    activity = workshop()
    invitation = invited(vera, {"ilecu-mk": max(len(names), 1)}, activity=activity)
    rows = list(nominates(ceca, invitation, *(person(name) for name in names or (NAME,))))
    deciding.decide(vera, invitation, {row.pk: Decision("confirmed") for row in rows})
    over(activity)
    attending.record_attendance(vera, invitation, {row.pk: True for row in rows})
    return list(Nomination.objects.filter(pk__in=[row.pk for row in rows]).select_related("invitation").order_by("pk"))


def certified(vera: Officer, ceca: Partner, *names: str) -> list[Certificate]:
    rows = attended(vera, ceca, *names)
    return certificates.certify(vera, rows[0].invitation, rows)


def of_ceca(ceca: Partner, **words: str) -> str:
    said = {"no": "MK-P-2026-000001", "name": "Ana Anić", "title": "Обука", "by": "ilecu-mk", **words}
    return sign(Words.model_validate(said), ceca.ring.seal)


def ours_at_hers(vera: Officer, ceca: Partner) -> Nomination:
    """Ana of ours, confirmed by Skopje."""
    invitation = invites(ceca, 1)
    [row] = sent(vera, invitation, "Ana Anić")
    decisions = [{"nomination": str(row.pk), "decision": "confirmed"}]
    ceca.says(
        "programme.nominations-decided", {"number": str(invitation.pk), "decisions": decisions}, invitation.conversation
    )
    return row


def told_attended(row: Nomination, signed: str) -> dict[str, object]:
    people = [{"nomination": str(row.pk), "attended": True, "certificate": signed}]
    return {"number": str(row.invitation_id), "people": people}


def test_each_person_who_came_gets_a_number_of_the_year(vera: Officer, ceca: Partner) -> None:
    one, other = certified(vera, ceca, "Ana A", "Bojan B")
    assert one.number.startswith("RS-P-")
    assert int(other.number[-6:]) == int(one.number[-6:]) + 1
    with pytest.raises(NotNow, match="already"):
        certificates.certify(vera, one.nomination.invitation, [one.nomination])
    mail = ceca.mail("programme.attendance")[-1]
    assert {said["certificate"] for said in mail.body["people"]} == {one.signed, other.signed}


def test_who_did_not_come_gets_none(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    [row] = nominates(ceca, invitation, person())
    deciding.decide(vera, invitation, {row.pk: Decision("confirmed")})
    over(activity)
    attending.record_attendance(vera, invitation, {row.pk: False})
    with pytest.raises(NotNow, match="who came"):
        certificates.certify(vera, invitation, [row])
    assert not Certificate.objects.exists()


def test_certificate_given_is_not_undone_by_the_list_of_who_came(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    with pytest.raises(NotNow, match="certificate is given"):
        attending.record_attendance(vera, one.nomination.invitation, {one.nomination_id: False})


def test_certificate_verifies_by_the_key_that_signed_it_also_after_a_renewal(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    assert verified(one.signed).words.name == NAME
    renew_keys()
    assert verified(one.signed).words.no == one.number


def test_partners_certificate_verifies_by_the_kept_key_and_by_its_card_alone(
    vera: Officer, ceca: Partner, ours: KeyRing
) -> None:
    signed = of_ceca(ceca)
    assert verified(signed).words.by == "ilecu-mk"
    with pytest.raises(NotVerified, match="unknown-key"):
        verify(signed, own_keys())


def test_changed_and_foreign_words_are_refused(vera: Officer, ceca: Partner, tmp_path: Path) -> None:
    signed = of_ceca(ceca)
    head, payload, mark = signed.split(".")
    other = of_ceca(ceca, name="Bojan Bojić").split(".")[1]
    for wrong, code in (
        (f"{head}.{other}.{mark}", "forged"),
        (f"{head}.{payload}.{mark[:-4]}AAAA", "forged"),
        (sign(Words(no="X", name="A", title="", by="ilecu-rs"), ceca.ring.seal), "forged"),  # in our name
        (sign(Words(no="X", name="A", title="", by="x"), make_ring(tmp_path / "x", "x").seal), "unknown-key"),
        ("", "unreadable"),
        ("a.b.c", "unreadable"),
        (own_card(), "unreadable"),
        ("x" * 5000, "unreadable"),
    ):
        with pytest.raises(NotVerified, match=code):
            verified(wrong)


def test_certificate_of_ours_that_a_partner_gives_is_kept_and_revoked_by_the_same_alone(
    vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    row = ours_at_hers(vera, ceca)
    signed = of_ceca(ceca)
    ceca.says("programme.attendance", told_attended(row, signed), row.invitation.conversation)
    kept = Certificate.objects.get(nomination=row)
    assert (kept.number, verified(kept.signed).revoked_why) == ("MK-P-2026-000001", None)
    said = {"certificate": kept.number, "reason": "Грешка"}
    assert budapest.says("programme.certificate-revoked", said, row.invitation.conversation).state == "waiting"
    ceca.says("programme.certificate-revoked", said, row.invitation.conversation)
    assert verified(kept.signed).revoked_why == "Грешка"
    with pytest.raises(NotNow, match="Only the unit"):
        certificates.revoke_certificate(vera, kept, "We think so too")


@pytest.mark.parametrize("wrong", [{"name": "Somebody Else"}, {"by": "spoc-hu"}])
def test_certificate_of_somebody_else_is_not_taken_in(vera: Officer, ceca: Partner, wrong: dict[str, str]) -> None:
    row = ours_at_hers(vera, ceca)
    body = told_attended(row, of_ceca(ceca, **wrong))
    assert ceca.refused("programme.attendance", body, row.invitation.conversation) == "bad-certificate"
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_revoked_certificate_is_told_to_the_persons_unit(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    certificates.revoke_certificate(vera, one, "The wrong person.")
    assert ceca.mail("programme.certificate-revoked")[0].body["certificate"] == one.number
    assert verified(one.signed).revoked_why == "The wrong person."
    with pytest.raises(NotNow, match="already"):
        certificates.revoke_certificate(vera, one, "Again.")


def test_erased_certificate_keeps_its_number_and_no_name(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    signed = one.signed
    erasing.erase_due(now() + timedelta(days=400))
    one.refresh_from_db()
    assert (one.signed, bool(one.number)) == ("", True)
    assert verified(signed).words.name == NAME  # the paper of the person stays good


@settings(max_examples=25)
@given(name=st.text("აბგдежΩ☃a b", min_size=1, max_size=100), title=st.text("ჟრსжщ a", max_size=300))
def test_signed_words_fit_a_code_whatever_the_script(
    name: str, title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ring = KEYS.setdefault("ring", make_ring(tmp_path_factory.mktemp("keys"), "ilecu-mk"))
    words = Words(no="MK-P-2026-000001", name=name, title=title, when="2026-11-10/2026-11-11", by="ilecu-mk")
    signed = sign(words, ring.seal)
    assert len(signed) <= LARGEST
    read = verify(signed, {ring.seal.kid: Key(import_jwk(ring.seal.jwk), "ilecu-mk")})
    assert read.name == name
    assert title.startswith(read.title.removesuffix("…").rstrip())


KEYS: dict[str, KeyRing] = {}


def test_code_on_the_printed_certificate_is_read_back_and_verifies(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    picture = typst.compile(
        TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs=printed(one), format="png", ppi=150
    )
    assert isinstance(picture, bytes)
    [code] = zxingcpp.read_barcodes(grey(picture))
    assert verified(code.text).words.no == one.number


def grey(png: bytes) -> memoryview:
    """The dots of a PNG of eight bits and three or four colours, by their red."""
    width, height, _depth, colour = struct.unpack(">IIBB", png[16:26])
    step = {2: 3, 6: 4}[colour]
    raw = zlib.decompress(b"".join(chunks(png)))
    line, before, dots = width * step, bytearray(width * step), bytearray()
    for start in range(0, len(raw), line + 1):
        before = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + line]), before, step)
        dots += before[::step]
    return memoryview(bytes(dots)).cast("B", shape=[height, width])


def chunks(png: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found.append(png[at + 8 : at + 8 + size])
        at += 12 + size
    return found


def unfiltered(kind: int, row: bytearray, before: bytearray, step: int) -> bytearray:
    """One line of a PNG, as its specification undoes the five filters."""
    for place in range(len(row)):
        left = row[place - step] if place >= step else 0
        up, corner = before[place], before[place - step] if place >= step else 0
        guess = (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]
        row[place] = (row[place] + guess) & 255
    return row


def paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((left, up, corner), key=lambda one: abs(near - one))


def test_certificate_on_paper_names_who_what_and_when(vera: Officer, ceca: Partner) -> None:
    [one] = certified(vera, ceca)
    text = read(certificate_pdf(one))
    for words in (NAME, "Workshop on document fraud", one.number, "Hall of the academy", "Unit of RS"):
        assert words in text
    certificates.revoke_certificate(vera, one, "The wrong person.")
    one.refresh_from_db()
    assert "The wrong person." in read(certificate_pdf(one))


def test_letters_name_the_activity_the_units_and_the_person(vera: Officer, ceca: Partner) -> None:
    [row] = attended(vera, ceca)
    text = read(letter_pdf(row.invitation))
    for words in ("Workshop on document fraud", "Unit of MK", "1 person"):
        assert words in text
    assert NAME not in text
    text = read(letter_pdf(row))
    for words in (NAME, "Case officer", "Unit of MK"):
        assert words in text


def read(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_command_verifies_by_kept_keys_and_by_a_card(vera: Officer, ceca: Partner, tmp_path: Path) -> None:
    [one] = certified(vera, ceca)
    card, words = tmp_path / "card", tmp_path / "words"
    card.write_text(own_card())
    words.write_text(one.signed + "\n")
    for arguments in ([one.signed], [str(words)], [str(words), f"--card={card}"]):
        said = io.StringIO()
        call_command("certificate", "verify", *arguments, stdout=said)
        assert NAME in said.getvalue()
        assert one.number in said.getvalue()


def test_command_says_in_one_sentence_what_is_wrong(vera: Officer, ceca: Partner, tmp_path: Path) -> None:
    [one] = certified(vera, ceca)
    card = tmp_path / "card"
    card.write_text(own_card())
    forged = f"{one.signed[:-8]}AAAAAAAA"
    for arguments, sentence in (
        ([forged], "signature does not hold"),
        ([of_ceca(ceca), f"--card={card}"], "does not know"),
        (["/nowhere/at/all"], "cannot be read"),
        ([one.signed, "--card=/nowhere"], "cannot be read"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("certificate", "verify", *arguments, stdout=io.StringIO())
    certificates.revoke_certificate(vera, one, "The wrong person.")
    with pytest.raises(CommandError, match="The wrong person"):
        call_command("certificate", "verify", one.signed, stdout=io.StringIO())


def test_withdrawn_person_gets_no_certificate(vera: Officer, ceca: Partner) -> None:
    [row] = attended(vera, ceca)
    body = {"number": str(row.invitation_id), "withdrawn": [str(row.pk)]}
    ceca.says("programme.nominations", body, row.invitation.conversation)
    row.refresh_from_db()
    assert row.state == "attended"  # who was there was there
    assert nominating.key_of(row.name) == row.name_key
