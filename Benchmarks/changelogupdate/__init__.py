"""The parts of the benchmark `changelog-update`."""
