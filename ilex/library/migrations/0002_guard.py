from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial"), ("journal", "0002_guard")]

    # How often a feed was tried is no act of anybody.
    operations = [
        guarded("library_item"),
        guarded("library_itemtext"),
        guarded("library_feed", columns=["key", "address", "active", "title", "link"]),
        guarded("library_site", columns=["active", "title", "intro", "languages", "address"]),
    ]
