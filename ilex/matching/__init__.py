"""How alike two records of a person, an organisation or a thing are, in every script, and why. Knows no database."""
