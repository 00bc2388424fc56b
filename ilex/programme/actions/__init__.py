"""The verbs of the programme, a file for each noun: one transaction and one line in the journal each."""
