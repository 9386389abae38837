"""The commands of `nearer`: a module each, with add_arguments and run, and a line here.

A module is imported when its command is asked for, so that a small command does not wait for the large ones.
"""

COMMANDS = {
    "demo": "try it without a token: a chat page on this machine",
    "run": "run the bot: long polling and everything that falls due",
    "worker": "one more process for what falls due, on PostgreSQL",
    "migrate": "bring the database to this version",
    "hear": "read replies from standard input and tell what is heard in each, as JSON",
    "reflect": "compose a reflection from a diary, one JSON object a line",
    "seed": "fill a database with made-up subscribers, to measure with",
    "keys": "make a key for NEARER_KEY",
    "invite": "make a link that lets one person in, for ACCESS=invite",
    "why": "tell which question was, or would be, chosen for a subscriber's day, and on what grounds",
    "content": "proofread what the bot says",
}
