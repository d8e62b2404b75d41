"""What the pytest plugin uses, once a test asks for the mock."""
