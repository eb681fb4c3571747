"""What a TensorBoard server answers about event files, as JSON.

    ask_tensorboard.py FOLDER LOADER TAG

LOADER is `fast`, the data server that TensorBoard prefers, or `python`. The server listens on the loopback interface and
ends with this program, which asks until every run below FOLDER has the scalar TAG, for half a minute at most.
"""

import json
import os
import sys
import time
import urllib.parse
import urllib.request

from tensorboard import program

folder, loader, last_tag = sys.argv[1:]
server = program.TensorBoard()
server.configure(
    argv=["tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", "0", "--reload_interval", "1"]
    + ["--samples_per_plugin", "scalars=1000000,histograms=1000"]
    + ["--load_fast", "true" if loader == "fast" else "false"]
)
url = server.launch()


def ask(path, body=None, **parameters):
    data = None if body is None else json.dumps(body).encode()
    query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
    request = urllib.request.Request(f"{url}data/{path}{query}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


runs = {
    os.path.relpath(path, folder)
    for path, _, names in os.walk(folder)
    if any(name.startswith("events.out.tfevents.") for name in names)
}
deadline = time.monotonic() + 30
while True:
    tags = ask("plugin/scalars/tags")
    if set(tags) == runs and all(last_tag in tags[run] for run in runs):
        break
    if time.monotonic() > deadline:
        sys.exit(f"{runs} have not all got {last_tag}: {tags}")
    time.sleep(0.1)

plugins = ["scalars", "histograms", "text", "images"]
columns = {"startIndex": 0, "sliceSize": 100, "colParams": []}
columns["allowedStatuses"] = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
answers = {
    "tags": {name: {run: sorted(tags) for run, tags in ask(f"plugin/{name}/tags").items()} for name in plugins},
    "steps": {
        run: {tag: [point[1] for point in ask("plugin/scalars/scalars", run=run, tag=tag)] for tag in tags[run]}
        for run in runs
    },
    "experiment": ask("plugin/hparams/experiment", {}),
    "groups": ask("plugin/hparams/session_groups", columns)["sessionGroups"],
}
print(json.dumps(answers))
