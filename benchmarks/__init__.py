"""Benchmarks: what things cost, each beside something run in the same process."""
