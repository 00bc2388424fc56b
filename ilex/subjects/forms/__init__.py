"""What officers fill in about subjects."""
