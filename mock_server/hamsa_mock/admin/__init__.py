"""The admin API at /__mock__/: steers and asks a running mock, in any language."""
