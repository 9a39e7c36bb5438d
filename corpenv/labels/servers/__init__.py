"""What is done on servers and at the plant, what was stopped, and what is kept from whom."""
