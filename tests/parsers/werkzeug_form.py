"""Reads the requests as a Python service does, with Werkzeug's form parser, which Flask uses."""

import base64
import io
import json
import pathlib
import sys

from werkzeug.formparser import parse_form_data

requests = sorted(pathlib.Path(sys.argv[1]).glob("*.request"))
for path in requests:
    head, body = path.read_bytes().split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:])
    assert int(headers["Content-Length"]) == len(body), f"{path.name}: Content-Length"
    want = json.loads(path.with_suffix(".json").read_text("utf-8"))
    _, form, files = parse_form_data(
        {"REQUEST_METHOD": "POST", "CONTENT_TYPE": headers["Content-Type"], "CONTENT_LENGTH": headers["Content-Length"], "wsgi.input": io.BytesIO(body)},
        silent=False,
    )
    got = [(name, value) for name, values in form.lists() for value in values]
    assert sorted(got) == sorted((part["Name"], base64.b64decode(part["Content"]).decode()) for part in want if part["FileName"] is None), f"{path.name}: fields differ"
    got = [(name, file.filename, file.content_type, file.read()) for name, values in files.lists() for file in values]
    assert sorted(got) == sorted((part["Name"], part["FileName"], part["ContentType"], base64.b64decode(part["Content"])) for part in want if part["FileName"]), f"{path.name}: files differ"

assert requests
print(f"Werkzeug: {len(requests)} requests read back equal")
