"""The pages of the cross-check, one file per occasion."""
