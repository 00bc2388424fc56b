"""Reading what strangers sent. Runs in a process of its own, without Django, the database or any key: see child.py."""
