"""What people build, each a small program of its own: `python -m tests.bench.peers.NAME URL TOKEN COUNT RATE AT`."""
