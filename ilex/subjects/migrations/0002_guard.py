from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded("subjects_subject"),
        guarded("subjects_statement"),
        guarded("subjects_link"),
        guarded("subjects_merge"),
        guarded("subjects_import"),
    ]
