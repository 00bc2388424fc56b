"""Forms A and B of Framework Decision 2006/960/JHA, and the statement of exchange, as PDF: in and out of the record."""
