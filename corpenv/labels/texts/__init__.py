"""What texts say: values dressed up, names, figures, threats, assertions."""
