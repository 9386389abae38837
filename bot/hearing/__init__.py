"""The trained reader of replies: text -> calibrated likelihood of each pattern, on this machine only."""
