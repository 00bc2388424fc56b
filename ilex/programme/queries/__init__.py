"""Named reads of the programme, a file for each noun."""
