"""What schemathesis has to know of the hub: how one logs in, and what lies there.

`CAREPLAN_UP` names the file with the first line of `careplan up`. Two of its offices send each
other a few sendings, so that requests find something; then the first of them is the one who asks.
"""

import itertools
import json
import os
import pathlib
import random

import requests
import schemathesis

UP = json.loads(pathlib.Path(os.environ["CAREPLAN_UP"]).read_text(encoding="utf-8"))
SENDINGS = 20
PDF = b"%PDF-1.7\n%%EOF\n"


class Office:
    """One of the offices, at a terminal of its own."""

    def __init__(self, description):
        self.number = description["number"]
        self.user_id = description["user_id"]
        self.password = pathlib.Path(description["password_file"]).read_text().strip()
        self.http = requests.Session()
        # A proxy or a bundle of roots of this machine has no say in it.
        self.http.trust_env = False
        self.http.cert = (description["certificate_chain_file"], description["key_file"])
        self.http.verify = UP["root_certificate_file"]

    def log_in(self):
        login = {"user_id": self.user_id, "password": self.password, "terminal": "contract"}
        answer = self.http.post(UP["hub_url"] + "/v1/session", json=login, timeout=30)
        answer.raise_for_status()
        self.http.headers["authorization"] = "Bearer " + answer.json()["token"]
        return answer.json()["token"]

    def send(self, to, message):
        meta = json.dumps({"message": message, "destination": {"office": to.number, "kind": None}})
        answer = self.http.post(
            UP["hub_url"] + "/v1/submissions",
            headers={"idempotency-key": f"contract-{random.getrandbits(64)}"},
            files=[("meta", (None, meta)), ("file", ("報告.pdf", PDF))],
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()["id"]


ASKING, OTHER = (Office(description) for description in UP["offices"][:2])
TOKEN = ASKING.log_in()
OTHER.log_in()
SUBMISSIONS = [ASKING.send(OTHER, f"{at}") for at in range(SENDINGS)]
for at in range(SENDINGS):
    OTHER.send(ASKING, f"{at}")
CLAIMED = ASKING.http.post(UP["hub_url"] + "/v1/claims", timeout=30).json()["deliveries"]
DELIVERIES = [delivery["id"] for delivery in CLAIMED]
TURNS = itertools.count()


@schemathesis.auth(refresh_interval=None)
class Session:
    """The asking office's session; one that is to be ended is opened for that alone."""

    def get(self, case, context):
        return ASKING.log_in() if case.method.upper() == "DELETE" else TOKEN

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Every other request asks for something that is there."""
    turn = next(TURNS)
    if path_parameters and "id" in path_parameters and turn % 2:
        there = DELIVERIES if "deliver" in context.operation.path else SUBMISSIONS
        path_parameters["id"] = there[turn % len(there)]
        if "name" in path_parameters:
            path_parameters["name"] = "報告.pdf"
    return path_parameters
