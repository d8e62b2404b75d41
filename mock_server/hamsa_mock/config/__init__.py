"""The config file: what `--config` reads, and what a running mock writes."""
