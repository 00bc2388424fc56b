"""The forms of the cross-check, one file per occasion."""
