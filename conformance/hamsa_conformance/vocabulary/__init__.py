"""What several cases say, in the words of the domain."""
