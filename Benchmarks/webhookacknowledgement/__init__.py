"""The parts of webhook-acknowledgement."""
