"""The kinds of conduct: a rule each."""
