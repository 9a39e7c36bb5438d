"""Labels: what is true of an episode."""
