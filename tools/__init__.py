"""Programs for maintainers; the installed Ilex does not need them."""
