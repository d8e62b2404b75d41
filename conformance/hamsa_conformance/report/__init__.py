"""Reports of a run: JSON, JUnit XML, and an HTML page."""
