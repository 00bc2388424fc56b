from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("journal", "0002_guard")]

    # Leases and what was read out of a file change by themselves; what a document is, where it lies and what happened
    # to its copies never does without a line.
    operations = [
        guarded(
            "documents_document",
            columns=["attachment_id", "on_kind", "on_id", "circle_id", "title", "handling", "check_state", "removed_at"],
        ),
        guarded("documents_custody"),
    ]
