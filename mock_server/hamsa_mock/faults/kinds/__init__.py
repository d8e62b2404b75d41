"""The kinds of faults, one file each. A file here is all that a new one needs: `registry` finds it."""
