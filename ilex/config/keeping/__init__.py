"""Backup, restore and export: what an operator keeps outside of the node's folder."""
