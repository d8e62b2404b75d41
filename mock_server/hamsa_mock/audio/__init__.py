"""The audio that the mock speaks."""
