from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial"), ("journal", "0002_guard")]

    operations = [guarded("duty_shift"), guarded("duty_logline"), guarded("duty_delegation")]
