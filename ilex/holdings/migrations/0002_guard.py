from django.db import migrations

from ilex.journal.guard import guarded

COLUMNS = {
    "holdings_bucket": ("content",),
    "holdings_longlist": ("content",),
    "holdings_leaf": ("rids", "sources", "kinds", "signatures"),
    "holdings_piece": ("directory",),
}


def as_they_are() -> list[migrations.RunSQL]:
    """Lists and signatures are dense already: PostgreSQL need not try to make them smaller."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL",
            f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTENDED",
        )
        for table, columns in COLUMNS.items()
        for column in columns
    ]


class Migration(migrations.Migration):
    dependencies = [("holdings", "0001_initial"), ("journal", "0002_guard")]

    operations = [
        *as_they_are(),
        # Numbers of records that come one by one; those of files are counted from below.
        migrations.RunSQL("CREATE SEQUENCE holdings_rid MINVALUE 4611686018427387904 MAXVALUE 9223372036854775806",
                          "DROP SEQUENCE holdings_rid"),
        # Not the records: a load writes millions of them, and its row here asks for the line.
        guarded("holdings_source", columns=["purpose", "handling", "active", "ends_on", "review_on", "records"]),
        guarded("holdings_load"),
    ]
