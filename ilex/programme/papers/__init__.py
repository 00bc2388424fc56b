"""Papers of the programme, set in type: factsheets, certificates, letters, hand-overs."""
