"""Plain rules of the programme, a file for each noun."""
