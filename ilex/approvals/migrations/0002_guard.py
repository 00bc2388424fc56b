from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded(
            "approvals_approval",
            columns=["state", "author_id", "reviewer_id", "rules", "digest", "answer", "edits", "noted_by_id"],
        )
    ]
