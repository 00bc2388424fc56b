"""Named reads of the library, a file for each noun."""
