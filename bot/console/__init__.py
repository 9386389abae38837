"""The commands of `nearer`: a module each, with add_arguments and run, and a line here.

A module is imported when its command is asked for, so that a small command does not wait for the large ones.
"""

COMMANDS = {
    "demo": "try it without a token: a chat page on this machine",
    "run": "run the bot: all of it in one process",
    "web": "run the bot with a webhook: one of any number of processes",
    "worker": "one more process for what falls due and for answers, on PostgreSQL",
    "doctor": "look whether all is well, and say what to do where it is not",
    "migrate": "bring the database to this version",
    "hear": "read replies from standard input and tell what is heard in each, as JSON",
    "reflect": "compose a reflection from a diary, one JSON object a line",
    "seed": "fill a database with made-up subscribers, to measure with",
    "keys": "make a key, seal everything anew with the newest, or look whether all opens",
    "backup": "write everything that is kept to one sealed file while the bot runs, or prove that such a file opens",
    "restore": "put a backup into an empty database; whoever deleted everything stays deleted",
    "invite": "make a link that lets one person in, for ACCESS=invite",
    "export": "write what is kept of one person to the two files that /export gives",
    "why": "tell which question was, or would be, chosen for a subscriber's day, and on what grounds",
    "content": "proofread what the bot says",
}
