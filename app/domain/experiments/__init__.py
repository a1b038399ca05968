"""Experiments: who sees which arm, what the numbers say, and how a bandit moves its weights."""
