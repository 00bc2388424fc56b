"""The verbs of the library, a file for each noun."""
