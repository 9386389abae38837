"""One file a story: what happens to a person, told with what it is given; no third-party import."""
