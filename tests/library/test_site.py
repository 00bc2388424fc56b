"""The public site: only what is marked public, only the fields of the list, and a part that reaches nothing else."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import feedparser  # type: ignore[import-untyped]  # it publishes no types
import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Field, Model, TextField
from django.utils.timezone import now
from pypdf import PdfReader

from ilex.gate.store import seal_stream
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.library.actions import items
from ilex.library.actions.items import Signed, Text
from ilex.library.actions.publishing import publish, show_publicly, withdraw
from ilex.library.actions.site import switch_site
from ilex.library.models import Feed, Item, NewsRemark, Site
from ilex.library.site import starting, writing
from ilex.library.site.fields import PUBLIC
from ilex.library.site.serving import POLICY, find
from ilex.library.site.writing import folder, write_site
from ilex.programme.actions.factsheets import freeze
from ilex.programme.actions.factsheets import show_publicly as show_sheet
from ilex.programme.iati import validate
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Activity, Amount, Factsheet, Involvement, Person
from ilex.programme.queries.outward import record_of
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.programme.rules.outward import AMOUNT, CONTENT, INVOLVED, OBJECTIVE, TEXT
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.library.conftest import letter, published
from tests.network import until

ADDRESS = "https://news.example.org"
CANARY = "Canary"


def on(chief: Officer, **more: Any) -> Site:
    usual = {"title": "News of Belgrade", "languages": ["en", "sr"], "address": ADDRESS}
    return switch_site(chief, True, **{**usual, **more})


def written() -> dict[str, bytes]:
    root = folder()
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# --- switching ---


@pytest.mark.django_db
def test_site_is_off_until_the_head_switches_it_on_and_gone_when_he_switches_it_off(
    eda: Officer, chief: Officer
) -> None:
    published(eda, public=True)
    assert not write_site()
    assert not folder().exists()
    with pytest.raises(PermissionDenied):
        on(eda)
    on(chief)
    assert write_site()
    assert not write_site()  # nothing has changed
    assert (folder() / "index.html").is_file()
    switch_site(chief, False)
    assert write_site()
    assert [path.name for path in folder().parent.glob("site*")] == ["site.lock"]
    assert set(Line.objects.filter(object_kind="site").values_list("act", flat=True)) == {
        "site.switched-on",
        "site.switched-off",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"languages": []}, "languages"),
        ({"languages": ["tlh"]}, "languages"),
        ({"address": "news.example.org"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
    ],
)
def test_site_that_is_not_well_described_is_not_switched_on(chief: Officer, wrong: dict[str, Any], field: str) -> None:
    before = Line.objects.count()
    with pytest.raises(Invalid) as refused:
        on(chief, **wrong)
    assert list(refused.value.fields) == [field]
    assert (Site.objects.count(), Line.objects.count()) == (0, before)


# --- what is written ---


@pytest.mark.django_db
def test_item_stands_there_in_each_language_with_its_file_and_in_the_feeds(eda: Officer, chief: Officer) -> None:
    item = items.write_item(eda, letter(authors=[Signed("Head of training")]))
    items.add_files(eda, item, [seal_stream([b"The speech"], name="speech.pdf")])
    items.set_text(eda, item, Text("sr", "Обука у Београду", "Кратко.", "Четрдесет службеника."), version=item.version)
    publish(eda, item, public=True)
    on(chief)
    write_site()
    files = written()
    assert "Joint training held in Belgrade" in files[f"en/news/{item.key}.html"].decode()
    page = files[f"sr/news/{item.key}.html"].decode()
    assert "Обука у Београду" in page
    assert '<html lang="sr-Cyrl">' in page
    assert [content for name, content in files.items() if name.endswith("speech.pdf")] == [b"The speech"]
    for form in ("rss", "atom"):
        found = feedparser.parse(files[f"sr/feed.{form}"])
        assert not found.bozo
        assert found.entries[0].link == f"{ADDRESS}/sr/news/{item.key}.html"
    assert f"{ADDRESS}/sr/news/{item.key}.html" in files["sitemap.xml"].decode()


@pytest.mark.django_db
def test_draft_internal_and_withdrawn_items_do_not_stand_there(eda: Officer, chief: Officer) -> None:
    items.write_item(eda, letter("Only a draft"))
    published(eda, "Only for the unit")
    gone, kept = published(eda, "Shown and withdrawn", public=True), published(eda, "Shown and taken off", public=True)
    on(chief)
    write_site()
    assert b"Shown and withdrawn" in written()["index.html"]
    withdraw(eda, gone, "A mistake")
    show_publicly(eda, kept, False)
    assert write_site()
    everything = b"".join(written().values())
    for title in (b"Only a draft", b"Only for the unit", b"Shown and withdrawn", b"Shown and taken off"):
        assert title not in everything


@pytest.mark.django_db
def test_hostile_text_of_a_draft_comes_out_harmless(eda: Officer, chief: Officer) -> None:
    published(eda, "A & B < i", body="[x](javascript:alert(1)) ![p](https://x.org/p.png) a < b", public=True)
    on(chief)
    write_site()
    page = next(content.decode() for name, content in written().items() if "/news/" in name)
    assert "javascript:alert" not in page.replace("[x](javascript:alert(1))", "")
    assert "<img" not in page
    assert "A &amp; B &lt; i" in page


@pytest.fixture
def everything(eda: Officer, chief: Officer, house: Organisation) -> None:
    """All that can be public, with a canary in every column of text that is not on the list."""
    load_directory()
    load_programme()
    item = published(eda, public=True, about_activities=["crime-workshop"], authors=[Signed("Head of training")])
    activity = Activity.objects.get(key="crime-workshop")
    action = Action.objects.get(key="cross-border-crime")
    content = {**record_of(action.pk), "unknown": CANARY}
    person = Person.objects.create(name=f"{CANARY} Person", function=f"{CANARY} Function")
    remark = NewsRemark.objects.create(item=item, kind="doubt", text=CANARY)
    feed = Feed.objects.create(key="canary", way="in", title=CANARY, link=CANARY)
    with act("test.canaries", Operation.ALTERATION, by=None):
        Involvement.objects.create(action=action, role="speaker", person=person, note=CANARY)
        Involvement.objects.create(activity=activity, role="speaker", person=person, note=CANARY)
        rows: list[Model] = [item, activity, action, eda, chief, remark, feed]
        rows += [*item.texts.all(), *item.authors.all(), *activity.sessions.all(), *activity.outcomes.all()]
        rows += [*activity.remarks.all(), *action.remarks.all(), *action.claims.all(), *action.involvements.all()]
        for row in rows:
            _mark(row)
        Activity.objects.filter(pk=activity.pk).update(public=True)
        parts = {"texts": TEXT, "objectives": OBJECTIVE, "amounts": AMOUNT, "involvements": INVOLVED}
        content = {name: value if name in (*CONTENT, *parts) else CANARY for name, value in content.items()}
        for name, allowed in parts.items():
            content[name] = [
                {key: value if key in allowed else CANARY for key, value in one.items()} for one in content[name]
            ]
        paper = seal_stream([CANARY.encode()], name=f"{CANARY}.pdf")
        paper.save(force_insert=True)
        usual = {"action": action, "language": "en", "layout": "facility", "public": True, "frozen_at": now()}
        Factsheet.objects.create(**usual, content=content, pdf=paper, iati=CANARY)


def _mark(row: Model) -> None:
    allowed = PUBLIC.get(row._meta.label, ())
    fields = [field for field in row._meta.concrete_fields if _may_hold_a_word(field) and field.name not in allowed]
    said = {field.name: CANARY[: field.max_length or None] for field in fields}
    type(row)._default_manager.filter(pk=row.pk).update(**said)


def _may_hold_a_word(field: Field[Any, Any]) -> bool:
    """Choices, keys, dates and codes are not words; a length of seven is long enough for the canary."""
    is_text = isinstance(field, CharField | TextField) and not field.is_relation
    return is_text and not field.choices and not field.unique and field.name not in ("when", "quantity", "state")


@pytest.mark.django_db
def test_no_field_that_is_not_on_the_list_comes_out(everything: None, chief: Officer) -> None:
    on(chief, languages=["en"])
    write_site()
    files = written()
    assert "en/activities/crime-workshop.html" in files
    assert "en/factsheets/cross-border-crime.html" in files
    assert b"<dt>Time frame</dt>" in files["en/factsheets/cross-border-crime.html"]
    assert b"EUR 108.874.50" in files["en/factsheets/cross-border-crime.html"]
    found = [name for name, content in files.items() if CANARY.lower() in words_of(name, content).lower()]
    assert found == []
    [paper] = [words_of(name, content) for name, content in files.items() if name.endswith(".pdf")]
    for words in ("Law-enforcement cooperation", "EUR 108.874.50", "Time frame"):
        assert words in paper  # it was really read


def words_of(name: str, content: bytes) -> str:
    """What a file says; of a PDF also what it says of itself."""
    if not name.endswith(".pdf"):
        return content.decode(errors="replace")
    read = PdfReader(BytesIO(content))
    assert not read.attachments
    return " ".join([str(read.metadata), *(page.extract_text().replace("\n", " ") for page in read.pages)])


@pytest.fixture
def network(eda: Officer, chief: Officer, house: Organisation) -> Action:
    """An action of the seeds, and a site in English."""
    load_directory()
    load_programme()
    on(chief, languages=["en"])
    return Action.objects.get(key="ilecu-network")


def kept(chief: Officer, action: Action, *, public: bool = True) -> Factsheet:
    made = freeze(chief, action, "en")
    if public:
        show_sheet(chief, made, True)
    return made


@pytest.mark.django_db
def test_page_paper_and_iati_of_a_sheet_say_the_same(network: Action, chief: Officer) -> None:
    sheet = kept(chief, network)
    on(chief)
    write_site()
    files = written()
    page = files["en/factsheets/ilecu-network.html"].decode()
    paper = words_of("x.pdf", files[f"files/{sheet.pk}.pdf"])
    data = files[f"files/{sheet.pk}.xml"]
    assert validate(data) == []
    for words in ("Hungary", "Macedonia", "our name: North Macedonia"):
        assert words in page
        assert words in paper
    assert b"Hungary" in data
    assert '<dd lang="en">Strengthen the network' in files["sr/factsheets/ilecu-network.html"].decode()
    for inside in network.findings.values_list("text", flat=True):
        assert all(inside not in text for text in (page, paper, data.decode()))


@pytest.mark.django_db
def test_two_sheets_that_change_places_are_noticed(network: Action, chief: Officer) -> None:
    shown, hidden = kept(chief, network), kept(chief, Action.objects.get(key="joint-patrols"), public=False)
    write_site()
    assert "en/factsheets/ilecu-network.html" in written()
    show_sheet(chief, shown, False)
    show_sheet(chief, hidden, True)
    assert write_site()
    assert "en/factsheets/ilecu-network.html" not in written()
    assert f"files/{shown.pk}.pdf" not in written()
    assert "en/factsheets/joint-patrols.html" in written()


@pytest.mark.django_db
def test_paper_that_says_the_same_is_not_set_in_type_again(
    network: Action, chief: Officer, eda: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = kept(chief, network)
    write_site()
    before = written()[f"files/{sheet.pk}.pdf"]
    printed: list[object] = []
    monkeypatch.setattr(writing, "pdf", lambda *given: printed.append(given))
    published(eda, public=True)
    assert write_site()
    assert written()[f"files/{sheet.pk}.pdf"] == before
    assert printed == []


@pytest.mark.django_db
def test_sheet_of_an_action_that_may_not_stand_there_is_not_shown_and_leaves(network: Action, chief: Officer) -> None:
    sheet = kept(chief, network)
    write_site()
    Action.objects.filter(pk=network.pk).update(public=False)
    assert write_site()
    assert [name for name in written() if "ilecu-network" in name or str(sheet.pk) in name] == []
    again = kept(chief, network, public=False)
    again.action.refresh_from_db()
    with pytest.raises(NotNow, match="may not stand on the public site"):
        show_sheet(chief, again, True)


@pytest.mark.django_db
def test_who_was_only_asked_or_said_no_is_not_named(network: Action, chief: Officer) -> None:
    Involvement.objects.filter(action=network, place="HU").update(state="declined")
    Involvement.objects.filter(action=network, place="RO").update(state="asked")
    sheet = kept(chief, network)
    write_site()
    files = written()
    for name in ("en/factsheets/ilecu-network.html", f"files/{sheet.pk}.pdf", f"files/{sheet.pk}.xml"):
        words = words_of(name, files[name])
        assert "Serbia" in words
        assert ">Hungary<" not in words
        assert "Hungary\n" not in words


@pytest.mark.django_db
def test_amount_that_nobody_printed_is_not_called_not_stated(network: Action, chief: Officer) -> None:
    Amount.objects.filter(action=network).update(printed="", value=1500)
    kept(chief, network)
    write_site()
    page = written()["en/factsheets/ilecu-network.html"].decode()
    assert "EUR 1,500.00" in page


@pytest.mark.django_db
def test_what_is_taken_off_late_leaves_although_something_newer_was_written(eda: Officer, chief: Officer) -> None:
    """A change that is committed after the site was written bears an older moment."""
    item = published(eda, public=True)
    on(chief)
    write_site()
    Item.objects.filter(pk=item.pk).update(public=False)
    assert write_site()
    assert b"Joint training held" not in b"".join(written().values())


@pytest.mark.django_db
def test_news_and_activities_of_another_unit_stay_inside_whatever_their_rows_say(network: Action, eda: Officer) -> None:
    item = published(eda, "Theirs by right", public=True)
    activity = Activity.objects.get(key="crime-workshop")
    Item.objects.filter(pk=item.pk).update(owner="ilecu-mk")
    Activity.objects.filter(pk=activity.pk).update(owner="ilecu-mk", title="Their own meeting")
    write_site()
    everything = b"".join(written().values())
    assert b"Theirs by right" not in everything
    assert b"Their own meeting" not in everything


@pytest.mark.django_db
def test_item_called_index_takes_no_list_away(network: Action, eda: Officer) -> None:
    Activity.objects.filter(key="crime-workshop").update(key="index")
    published(eda, "Index", public=True)
    write_site()
    files = written()
    assert b"<h1>Activities</h1>" in files["en/activities.html"]
    assert b"<h1>Activities</h1>" not in files["en/activities/index.html"]
    assert b"<h1>News</h1>" in files["en/index.html"]


# --- what is served ---


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The part as `ilex up` starts it: a fresh program, with the environment that it is given there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        place = f"http://127.0.0.1:{listener.getsockname()[1]}"
        words = [sys.executable, "-P", "-m", "ilex.library.site.serving", str(root), str(listener.fileno())]
        process = subprocess.Popen(words, env=starting.environment(), pass_fds=[listener.fileno()])
    try:
        yield place
    finally:
        process.terminate()
        process.wait(30)


def asked(address: str) -> Any:
    return urllib.request.urlopen(address, timeout=30)  # noqa: S310  # of this test


def test_part_serves_the_folder_without_a_database_or_keys_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    root = tmp_path / "site"
    (root / "en").mkdir(parents=True)
    (root / "index.html").write_text("<h1>News</h1>")
    (root / "en" / "feed.rss").write_text("<rss/>")
    (root / "files" / "7").mkdir(parents=True)
    (root / "files" / "7" / "speech.html").write_text("<script>1</script>")
    (root / ".made").write_text("{}")
    (tmp_path / "secret").write_text("the key")
    (root / "linked").symlink_to(tmp_path / "secret")
    with serving(root) as place:
        until(lambda: answers(place), "the public site to answer")
        page = asked(place)
        assert page.read() == b"<h1>News</h1>"
        assert page.headers["Content-Security-Policy"] == POLICY
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert asked(f"{place}/en/feed.rss").headers["Content-Type"].startswith("application/rss+xml")
        assert asked(f"{place}/files/7/speech.html").headers["Content-Disposition"] == "attachment"
        for wrong in ("/../secret", "/%2e%2e/secret", "/linked", "/.made", "/nothing", "/en/../../secret"):
            with pytest.raises(HTTPError, match="404"):
                asked(place + wrong)
        with pytest.raises(HTTPError, match="405"):
            urllib.request.urlopen(place, data=b"x", timeout=30)  # noqa: S310


def answers(place: str) -> bool:
    try:
        return bool(asked(place).status == 200)
    except OSError:
        return False


def test_program_that_serves_is_told_nothing_of_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "ILEX_SECRET", "ILEX_HOME", "PGPASSWORD"):
        monkeypatch.setenv(name, CANARY)
    known = starting.environment()
    assert CANARY not in known.values()
    code = "import sys, ilex.library.site.serving; print([name for name in sys.modules if name.startswith('django')])"
    done = subprocess.run([sys.executable, "-P", "-c", code], env=known, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_outside_of_the_folder_is_found(tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    (root / "index.html").write_text("x")
    assert find(root, "/") == root / "index.html"
    for wrong in ("//etc/passwd", "/../site/index.html", "/\0", "/a\\b", "/index.html/x"):
        assert find(root, wrong) is None
