"""Load tests with Locust, measured as a listener hears them. Not built yet."""
