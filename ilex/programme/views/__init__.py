"""The pages of the programme, a file for each noun."""
