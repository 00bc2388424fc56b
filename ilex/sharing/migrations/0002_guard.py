from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded("sharing_release"),
        guarded("sharing_disclosure"),
        guarded("sharing_given"),
        guarded("sharing_recall"),
        guarded("sharing_consent"),
        guarded("sharing_courtuse"),
    ]
