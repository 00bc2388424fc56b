"""Files of records as others write them. Nothing here knows a database: it runs in processes of its own."""
