"""What officers type, one file per occasion."""
