# SPDX-License-Identifier: Apache-2.0
"""Checks the OpenAPI document, and the service against it, with packages of PyPI."""

import json
import os
import pathlib
import subprocess
import sys

from openapi_spec_validator import validate

# A text of the right type need not be a valid number, token or code. The service may therefore refuse bodies that match the
# document. The route for delivery reports responds with 404 to a random secret.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "409", "410", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "429"]
"""

# Random texts are not valid tenants or numbers, so the service would refuse most requests early. Values of a wrong type are
# kept.
HOOKS = """
import random
import schemathesis

@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        if isinstance(body.get("tenant"), str):
            del body["tenant"]
        if isinstance(body.get("number"), str):
            body["number"] = f"+658{random.randrange(10 ** 7):07d}"
    return body
"""


def check(running, folder, examples, seed):
    """Runs both checks, and returns the exit status of schemathesis and the last lines of its output."""
    file = pathlib.Path(folder, "openapi.json")
    running.connection.request("GET", "/openapi.json")
    text = running.connection.getresponse().read()
    file.write_bytes(text)
    validate(json.loads(text))
    configuration = pathlib.Path(folder, "schemathesis.toml")
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    hooks = pathlib.Path(folder, "otp_hooks.py")
    hooks.write_text(HOOKS, encoding="utf-8")
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "otp_hooks", "PYTHONPATH": folder}
    command = [pathlib.Path(sys.executable).with_name("st"), "--config-file", configuration, "run", file,
               "--url", running.report["url"], "-H", f"Authorization: Bearer {running.key}", "--checks", "all",
               "--max-examples", str(examples), "--seed", str(seed), "--generation-database", "none", "--no-color"]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd=folder,
                            env=environment)
    return result.returncode, result.stdout + result.stderr
