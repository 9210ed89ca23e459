"""`make bench`."""

from tests.bench.poll_and_send import main

if __name__ == "__main__":
    main()
