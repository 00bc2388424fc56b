"""No envelope and no peer comes, goes or changes its state without a line in the journal."""

from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("gate", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded("gate_envelope", columns=["state"]),
        guarded("gate_peer", columns=["state", "serial", "card"]),
    ]
