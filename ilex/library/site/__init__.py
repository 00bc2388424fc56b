"""The public site: a folder of files, written from an allow-list of fields, and served by a part without a database."""
