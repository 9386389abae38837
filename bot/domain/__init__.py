"""What Nearer means, in plain data and pure functions: no clock, no I/O, no third party but pytz."""
