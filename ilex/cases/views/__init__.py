"""The pages of cases, of their tasks, and the small page of an authority."""
