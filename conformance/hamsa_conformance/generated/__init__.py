"""Messages made by Hypothesis from the schemas: right ones, and ones that are wrong in a single named way."""
