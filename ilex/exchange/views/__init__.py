"""Pages of requests, one file per occasion."""
