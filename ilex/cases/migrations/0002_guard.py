from django.db import migrations

from ilex.journal.guard import guarded


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        guarded("cases_case"),
        guarded("cases_step"),
        guarded("cases_caserequest"),
        guarded("cases_casesubject"),
        guarded("cases_task"),
        guarded("cases_taskstep"),
    ]
