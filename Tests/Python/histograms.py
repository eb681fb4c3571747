"""The buckets that TensorBoard's own function makes of numbers, as JSON.

    histograms.py FILE    # of lists of numbers, as JSON
"""

import json
import sys

import numpy
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.util import tensor_util


def buckets(numbers):
    summary = histogram_pb("", numpy.array(numbers, dtype=float))
    return tensor_util.make_ndarray(summary.value[0].tensor).flatten().tolist()


print(json.dumps([[repr(number) for number in buckets(numbers)] for numbers in json.load(open(sys.argv[1]))]))
