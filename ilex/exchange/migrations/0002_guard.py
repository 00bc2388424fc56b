from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("journal", "0002_guard")]

    operations = [guarded("exchange_request"), guarded("exchange_entry")]
