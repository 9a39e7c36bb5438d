"""`python -m corpenv`: the command line."""

from corpenv.cli.main import main

if __name__ == "__main__":
    main()
