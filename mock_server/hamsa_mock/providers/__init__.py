"""The services that the mock plays, one folder each. `registry` lists them."""
