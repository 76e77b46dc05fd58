"""Run the commands as `python -m stancedata`."""

from stancedata.cli import main

if __name__ == "__main__":
    main()
