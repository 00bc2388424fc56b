"""Plain rules of the news: addresses and titles by which a second copy of an item is known."""
