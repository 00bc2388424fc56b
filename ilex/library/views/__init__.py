"""The pages of the library, a file for each noun."""
