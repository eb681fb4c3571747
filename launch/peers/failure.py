"""What went wrong, as a sentence for the user."""


class Failure(Exception):
    pass
