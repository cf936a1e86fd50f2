"""Figures of this machine, each as a ratio to a raw limit measured in the same run. Never a test."""
