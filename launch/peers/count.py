"""A number as options take it."""

import argparse
import re


def count(text):
    # int() would take 010, 1_000 and the digits of other scripts too.
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f'needs a number from 1 to 9999, and got "{text}"')
    return int(text)
