"""The parts of the benchmark `push-to-verdict`."""
