"""The lessons, each a script in the percent format; `demos` says how one is written."""
