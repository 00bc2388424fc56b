from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("crosscheck", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded("crosscheck_look"),
        guarded("crosscheck_hit"),
        guarded("crosscheck_judging"),
        guarded("crosscheck_watch", columns=["until", "ended_at"]),
        guarded("crosscheck_access", columns=["digest", "sources", "quota", "until", "closed_at"]),
        guarded("crosscheck_threshold"),
    ]
