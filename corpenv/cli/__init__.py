"""The command line. `main` has the table of commands; every command imports what it needs when it is called."""
