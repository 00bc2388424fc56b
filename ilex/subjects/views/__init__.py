"""Pages of subjects, one file per occasion."""
