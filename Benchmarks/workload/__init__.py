"""What the benchmarks have in common: the changelogs that are deployed, and how two databases are compared."""
