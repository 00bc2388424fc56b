"""From a draft to the news of a unit and its partners, and back out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.utils.timezone import now

from ilex.gate.fields import show_moment
from ilex.gate.store import seal_stream
from ilex.journal.models import Line
from ilex.library.actions import items
from ilex.library.actions.items import Link, Signed, Text
from ilex.library.actions.publishing import publish, show_publicly, withdraw
from ilex.library.actions.sharing import share
from ilex.library.loading import load_news
from ilex.library.models import Item
from ilex.library.queries.items import about, item_for, listed
from ilex.programme.loading import load_programme
from ilex.programme.models import Activity
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer
from tests.library.conftest import letter, published
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db


def test_draft_is_seen_by_editors_and_when_published_by_all_who_read_the_programme(eda: Officer, ana: Officer) -> None:
    item = items.write_item(eda, letter())
    assert item_for(eda, item.key).pk == item.pk
    with pytest.raises(Http404):
        item_for(ana, item.key)
    publish(eda, item)
    assert [one.pk for one in listed(ana)] == [item.pk]
    assert set(Line.objects.filter(object_id=str(item.pk)).values_list("act", flat=True)) == {
        "news.written",
        "news.published",
    }


def test_each_verb_asks_for_its_right(ana: Officer, vera: Officer, eda: Officer) -> None:
    item = items.write_item(vera, letter())
    with pytest.raises(PermissionDenied):
        publish(vera, item)  # the coordinator writes, the editor publishes
    verbs: list[Callable[[], object]] = [
        lambda: items.write_item(ana, letter()),
        lambda: withdraw(ana, item, "x"),
        lambda: share(ana, item, []),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()
    publish(eda, item)


def test_what_is_published_is_changed_only_by_those_who_publish(vera: Officer, eda: Officer, client: Client) -> None:
    """Each change stands on the public site and with the partners at once."""
    item = items.write_item(vera, letter())
    items.set_text(vera, item, Text("sr", "Обука"), version=item.version)
    publish(eda, item, public=True)
    verbs: list[Callable[[], object]] = [
        lambda: items.change_item(vera, item, letter("Another"), version=item.version),
        lambda: items.set_text(vera, item, Text("hu", "Képzés"), version=item.version),
        lambda: items.add_files(vera, item, [seal_stream([b"x"], name="x.txt")]),
        lambda: items.drop_file(vera, item, 1),
    ]
    for verb in verbs:
        with pytest.raises(PermissionDenied):
            verb()
    client.force_login(vera)
    assert "/edit/" not in client.get(f"/news/items/{item.key}/").text
    for page in ("edit", "language"):
        assert client.get(f"/news/items/{item.key}/{page}/").status_code == 403
    items.change_item(eda, item, letter("Another"), version=item.version)


def test_draft_that_was_published_meanwhile_is_not_changed_as_a_draft(vera: Officer, eda: Officer) -> None:
    item = items.write_item(vera, letter())
    draft = Item.objects.get(pk=item.pk)
    publish(eda, item)
    with pytest.raises(NotNow):
        items.change_item(vera, draft, letter("Another"), version=item.version)


def test_what_is_published_once_is_not_published_again_and_what_is_empty_not_at_all(eda: Officer) -> None:
    with pytest.raises(NotNow, match="already"):
        publish(eda, published(eda))
    empty = items.write_item(eda, items.Letter(text=Text("en", "Only a title")))
    with pytest.raises(Invalid, match="no text yet"):
        publish(eda, empty)


def test_item_is_found_by_words_of_any_script(eda: Officer, ana: Officer) -> None:
    item = published(eda)
    items.set_text(eda, item, Text("sr", "Заједничка обука у Београду"), version=item.version)
    published(eda, "Something else", body="Nobody came.")
    for words in ("belgrade", "ZAJEDNICKA obuk", "заједничка", "forty training"):
        assert [one.pk for one in listed(ana, words=words)] == [item.pk], words


def test_change_keeps_authors_links_files_and_what_it_is_about(eda: Officer) -> None:
    item = items.write_item(eda, letter(authors=[Signed("Head of training")], links=[Link("More", "http://x.org//a")]))
    items.add_files(eda, item, [seal_stream([b"The speech"], name="speech.pdf")])
    changed = letter("Another title", authors=[Signed("Editor", "Eva Invented")])
    items.change_item(eda, item, changed, version=item.version)
    assert [(one.name, one.function) for one in item.authors.all()] == [("Eva Invented", "Editor")]
    [file] = item.links.all()
    assert file.attachment is not None
    assert item.texts.get().title == "Another title"
    items.drop_file(eda, item, file.pk)
    assert not item.links.exists()


def test_withdrawn_item_leaves_the_lists_and_can_no_longer_be_changed(eda: Officer, ana: Officer) -> None:
    item = published(eda, public=True)
    withdraw(eda, item, "The date was wrong")
    assert (item.state, item.public) == ("withdrawn", False)
    assert not listed(ana).exists()
    with pytest.raises(NotNow, match="withdrawn"):
        items.set_text(eda, item, Text("sr", "Обука"), version=item.version)
    with pytest.raises(NotNow, match="already"):
        withdraw(eda, item, "Again")


def test_change_without_a_line_is_refused_by_the_database(eda: Officer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'library_item%%_demand'")
        assert cursor.fetchone() == (2,)


def test_activity_names_the_news_about_it(eda: Officer, ana: Officer) -> None:
    load_directory()
    load_programme()
    item = published(eda, about_activities=["crime-workshop"])
    items.write_item(eda, letter("A draft", about_activities=["crime-workshop"]))
    [line] = about(ana, Activity.objects.get(key="crime-workshop"))
    assert (line.title, line.url) == ("Joint training held in Belgrade", f"/news/items/{item.key}/")


def test_seed_that_an_officer_changes_is_ours_and_stays_so(eda: Officer) -> None:
    load_directory()
    load_programme()
    load_news()
    item = Item.objects.get(key="lebanon-phase-2")
    items.change_item(eda, item, letter("In our words"), version=item.version)
    load_news()
    item.refresh_from_db()
    assert (item.owner_id, item.texts.get(language="en").title) == ("ilecu-rs", "In our words")


# --- with partners ---


def test_item_travels_with_its_texts_and_files_and_each_new_version_follows(eda: Officer, ceca: Partner) -> None:
    item = published(eda, authors=[Signed("Head of training", "Eva Invented")])
    items.add_files(eda, item, [seal_stream([b"The speech"], name="speech.pdf")])
    share(eda, item, ["ilecu-mk"])
    [sent] = ceca.mail("library.news")
    body = sent.body
    assert (body["id"], body["version"]) == (str(item.pk), item.version)
    assert body["texts"][0]["title"] == "Joint training held in Belgrade"
    assert [one["attachment"] for one in body["links"]] == ["speech.pdf"]
    assert [one.name for one in sent.attachments] == ["speech.pdf"]
    item.refresh_from_db()
    items.set_text(eda, item, Text("sr", "Обука"), version=item.version)
    assert [content.body["version"] for content in ceca.mail("library.news")] == [3, 4]
    withdraw(eda, item, "The date was wrong")
    [end] = ceca.mail("library.news-withdrawn")
    assert end.body["reason"] == "The date was wrong"


def test_only_published_news_of_our_own_is_shared_and_only_with_partners(eda: Officer, ceca: Partner) -> None:
    draft = items.write_item(eda, letter())
    with pytest.raises(NotNow, match="published"):
        share(eda, draft, ["ilecu-mk"])
    item = published(eda, "Another")
    before = Line.objects.count()
    with pytest.raises(Invalid) as refused:
        share(eda, item, ["spoc-hu"])
    assert list(refused.value.fields) == ["to"]
    item.refresh_from_db()
    assert (item.shared, Line.objects.count()) == (False, before)


def body(**more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": str(uuid4()),
        "version": 1,
        "kind": "news",
        "section": "announcement",
        "language": "mk",
        "texts": [
            {"language": "mk", "title": "Обука во Скопје", "teaser": "", "body": "<script>alert(1)</script> *x*"}
        ],
        "published_at": show_moment(now()),
        "about_activities": ["nobody-knows-it"],
    }
    return usual | more


def test_news_of_a_partner_is_theirs_and_shown_harmlessly(
    eda: Officer, ana: Officer, ceca: Partner, client: Client
) -> None:
    said = body()
    assert ceca.says("library.news", said, uuid4()).state == "taken"
    item = Item.objects.get()
    assert (item.owner_id, item.state, item.public) == ("ilecu-mk", "published", False)
    with pytest.raises(NotNow, match="another unit"):
        items.set_text(eda, item, Text("sr", "Обука"), version=1)
    with pytest.raises(NotNow, match="another unit"):
        show_publicly(eda, item, True)
    client.force_login(ana)
    page = client.get(f"/news/items/{item.key}/").content.decode()
    assert "<script>alert" not in page
    assert "<em>x</em>" in page


def test_news_that_no_column_holds_is_refused_and_does_not_wait(ceca: Partner, eda: Officer) -> None:
    twice = [{"language": code, "title": "Обука", "teaser": "", "body": "x"} for code in ("MK", "mk")]
    assert ceca.refused("library.news", body(version=2**40), uuid4()) == "malformed"
    assert ceca.refused("library.news", body(texts=twice), uuid4()) == "malformed"
    assert not Item.objects.exists()


def test_news_dated_ahead_and_themes_beyond_measure_are_cut_to_size(ceca: Partner, eda: Officer) -> None:
    said = body(published_at="2199-01-01T00:00:00.000Z", themes=["a" * 80, "training"])
    assert ceca.says("library.news", said, uuid4()).state == "taken"
    item = Item.objects.get()
    assert item.published_at is not None
    assert item.published_at <= now()
    assert item.themes == ["training"]


def test_higher_version_replaces_and_a_lower_one_changes_nothing(ceca: Partner, eda: Officer) -> None:
    said = body()
    texts = [{"language": "mk", "title": "Нов наслов", "teaser": "", "body": "x"}]
    for version, wording in ((3, texts), (2, said["texts"]), (3, said["texts"])):
        assert ceca.says("library.news", {**said, "version": version, "texts": wording}, uuid4()).state == "taken"
    assert Item.objects.get().texts.get().title == "Нов наслов"


def test_withdrawal_that_comes_first_waits_and_after_the_end_nothing_comes_back(ceca: Partner, eda: Officer) -> None:
    said = body()
    assert ceca.says("library.news-withdrawn", {"id": said["id"], "reason": "Wrong"}, uuid4()).state == "waiting"
    ceca.says("library.news", said, uuid4())
    ceca.says("library.news-withdrawn", {"id": said["id"], "reason": "Wrong"}, uuid4())
    ceca.says("library.news", {**said, "version": 9}, uuid4())
    item = Item.objects.get()
    assert (item.state, item.withdrawn_why) == ("withdrawn", "Wrong")


def test_nobody_changes_or_ends_the_news_of_another_unit(ceca: Partner, budapest: Partner, eda: Officer) -> None:
    ours, said = published(eda), body()
    assert ceca.says("library.news", said, uuid4()).state == "taken"
    assert budapest.refused("library.news", {**said, "version": 5}, uuid4()) == "forged-owner"
    assert budapest.refused("library.news-withdrawn", {"id": said["id"], "reason": "x"}, uuid4()) == "forged-owner"
    assert ceca.refused("library.news", body(id=str(ours.pk), version=50), uuid4()) == "forged-owner"
