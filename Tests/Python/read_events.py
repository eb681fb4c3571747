"""What TensorBoard's own reader finds in event files: an event a line, as JSON.

    read_events.py FILE [FILE ...]
"""

import base64
import json
import sys

from google.protobuf import json_format
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util


def value_of(value):
    tensor = tensor_util.make_ndarray(value.tensor)
    read = {
        "tag": value.tag,
        "plugin": value.metadata.plugin_data.plugin_name,
        "dataClass": value.metadata.data_class,
        "shape": list(tensor.shape),
    }
    if tensor.dtype == object:
        read["strings"] = [base64.b64encode(string).decode() for string in tensor.flatten().tolist()]
    else:
        read["numbers"] = [repr(number) for number in tensor.flatten().tolist()]
    if read["plugin"] == "hparams":
        content = plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)
        read["content"] = json.dumps(json_format.MessageToDict(content), sort_keys=True)
    return read


for path in sys.argv[1:]:
    for event in EventFileLoader(path).Load():
        read = {"wallTime": event.wall_time, "step": event.step, "fileVersion": event.file_version, "isStart": False}
        if event.HasField("session_log"):
            read["isStart"] = event.session_log.status == event.session_log.START
        read["values"] = [value_of(value) for value in event.summary.value]
        print(json.dumps(read))
