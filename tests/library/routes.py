from __future__ import annotations

from django.utils.timezone import now

from ilex.gate.store import seal_stream
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.actions import items
from ilex.library.actions.feeds import add_feed
from ilex.library.actions.publishing import publish
from ilex.library.models import Item, Twin
from ilex.units.models import Officer, Role
from tests.library.conftest import letter
from tests.routes import HANDLE, Rule, Rules, World

READ = HANDLE | {Role.AUTHORITY, Role.TRANSLATOR, Role.PROTECTION, Role.COORDINATOR, Role.EDITOR}
WRITE = frozenset({Role.EDITOR, Role.COORDINATOR, Role.HEAD})
PUBLISH = frozenset({Role.EDITOR, Role.HEAD})
HEAD = frozenset({Role.HEAD})


def _editor(world: World) -> Officer:
    found, _made = Officer.objects.get_or_create(
        sign_in="editor.routes", defaults={"name": "Editor", "organisation": world.house, "roles": [Role.EDITOR]}
    )
    return found


def _item(world: World) -> Item:
    made = _draft(world)
    publish(_editor(world), made)
    return made


def _draft(world: World) -> Item:
    made = items.write_item(_editor(world), letter())
    items.add_files(_editor(world), made, [seal_stream([b"x"], name="speech.txt")])
    return made


def item(world: World) -> list[str]:
    return [_item(world).key]


def draft(world: World) -> list[str]:
    return [_draft(world).key]


def file(world: World) -> list[str | int]:
    made = _item(world)
    return [made.key, made.links.get().pk]


def file_of_draft(world: World) -> list[str | int]:
    made = _draft(world)
    return [made.key, made.links.get().pk]


def twin(world: World) -> list[int]:
    one, other = _item(world), _item(world)
    with act("test.twin", Operation.COLLECTION, by=None):
        pair, _made = Twin.objects.get_or_create(one=one, other=other, defaults={"reasons": [], "at": now()})
    return [pair.pk]


def feed_in(world: World) -> list[str]:
    return [add_feed(_editor(world), title="News of others").key]


def feed_out(world: World) -> list[str]:
    return [add_feed(_editor(world), title="Ours", way="out").key]


RULES: Rules = {
    "news": Rule(READ),
    "news-rss": Rule(READ),
    "news-atom": Rule(READ),
    "news-new": Rule(WRITE),
    "news-item": Rule(READ, item),
    "news-edit": Rule(WRITE, draft),
    "news-text": Rule(WRITE, draft),
    "news-publish": Rule(PUBLISH, item, post={}),
    "news-public": Rule(PUBLISH, item, post={}),
    "news-withdraw": Rule(PUBLISH, item, post={}),
    "news-share": Rule(PUBLISH, item, post={}),
    "news-files": Rule(WRITE, draft, post={}),
    "news-file": Rule(READ, file),
    "news-file-drop": Rule(WRITE, file_of_draft, post={}),
    "news-twins": Rule(WRITE),
    "news-twin": Rule(WRITE, twin, post={"same": "no"}),
    "feeds": Rule(READ),
    "feed-new": Rule(PUBLISH),
    "feed": Rule(READ, feed_in),
    "feed-take": Rule(WRITE, feed_in, post={}),
    "feed-switch": Rule(PUBLISH, feed_in, post={}),
    "feed-rss": Rule(READ, feed_out),
    "feed-atom": Rule(READ, feed_out),
    "public-site": Rule(HEAD),
}
