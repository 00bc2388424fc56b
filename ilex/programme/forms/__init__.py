"""The forms of the programme, a file for each noun."""
