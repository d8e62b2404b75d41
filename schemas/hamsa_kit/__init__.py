"""What the three tools share."""
