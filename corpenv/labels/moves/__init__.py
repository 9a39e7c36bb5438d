"""What goes from whom to whom, what it carries, and what leaves the company."""
