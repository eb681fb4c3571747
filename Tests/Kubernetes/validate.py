#!/usr/bin/env python3
"""Holds an MPIJob against the published schemas: its own fields, and Kubernetes' of the pods that it describes.

    validate.py MANIFEST

Says what is wrong, a line each, and ends with status 1 if anything is. Needs kubernetes-validate.
"""

import json
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

KUBERNETES = "1.29"


def main(manifest):
    job = yaml.safe_load(Path(manifest).read_text())
    schema = json.loads(Path(__file__).with_name("mpijob.json").read_text())
    errors = [
        f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(schema).iter_errors(job)
    ]
    if not errors:
        for name, replica in job["spec"]["mpiReplicaSpecs"].items():
            errors += [f"{name}: {error}" for error in pod_errors(name, replica["template"])]
    for error in errors:
        print(error)
    return 1 if errors else 0


def pod_errors(name, template):
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name.lower()}, **template}
    try:
        kubernetes_validate.validate(pod, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield error.message


sys.exit(main(sys.argv[1]))
