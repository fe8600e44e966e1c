"""Python's requests against the simulator as clients of Zhenzhen use it: few fields, raw base64, gzip, /v1/videos as a form.

Reads ZHENZHEN and KEY; prints the number of paid creates.
"""

import base64
import gzip
import json
import os
import time

import requests

ZHENZHEN = os.environ["ZHENZHEN"]
PNG = base64.b64decode("iVBORw0KGgoAAQID")

session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["KEY"]
paid = 0


def call(method, path, status=200, **request):
    response = session.request(method, ZHENZHEN + path, timeout=60, **request)
    assert response.status_code == status, (path, response.status_code, response.text)
    return response.json()


def create(path="v2/videos/generations", **request):
    global paid
    task = call("POST", path, **request)["task_id"]
    paid += 1
    return task


def ended(path, task, key="status"):
    while True:
        answer = call("GET", path + "/" + task)
        if answer[key].upper() in ("SUCCESS", "FAILURE", "COMPLETED", "FAILED"):
            return answer
        time.sleep(0.05)


def check_video(address):
    # Another host: it must not see the key.
    video = requests.get(address, timeout=60)
    assert video.status_code == 200 and video.content[4:8] == b"ftyp", (address, video.status_code)


def generations():
    done = ended("v2/videos/generations", create(json={"model": "sora-2", "prompt": "一只小猫"}))
    assert done["status"] == "SUCCESS" and done["progress"] == "100%", done
    check_video(done["data"]["output"])

    picture = call("POST", "v1/files", files={"file": ("cat.png", PNG, "image/png")})["url"]
    assert requests.get(picture, timeout=60).content == PNG
    create(json={"model": "sora-2", "prompt": "x", "images": [picture], "duration": 10})
    create(json={"model": "sora-2", "prompt": "x", "images": [base64.b64encode(PNG).decode()], "aspect_ratio": "9:16"})
    create(json={"model": "veo3.1", "prompt": "x", "enhance_prompt": True, "ratio": "2:3", "duration": 8, "resolution": "720P"})

    packed = gzip.compress(json.dumps({"model": "sora-2", "prompt": "x"}).encode())
    create(data=packed, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})

    lost = ended("v2/videos/generations", create(json={"model": "sora-2", "prompt": "x [fail:审核未通过]"}))
    assert lost["status"] == "FAILURE" and lost["fail_reason"] == "审核未通过", lost


def openai_style():
    form = {"model": "sora-2", "prompt": "一只小猫", "seconds": "15", "size": "720x1280", "private": "true", "seed": "7"}
    task = create("v1/videos", data=form, files={"input_reference": ("cat.png", PNG, "image/png")})
    done = ended("v1/videos", task)
    assert (done["status"], done["seconds"], done["size"]) == ("completed", "15", "720x1280"), done
    check_video(done["video_url"])
    create("v1/videos", json={"model": "sora-2", "prompt": "x", "seconds": 10, "input_reference": "https://example.com/cat.png"})


def account():
    assert call("GET", "v1/dashboard/billing/subscription")["hard_limit_usd"] > 0
    assert call("GET", "v1/dashboard/billing/usage")["total_usage"] > 0
    quota = call("GET", "v1/token/quota")["data"]
    assert quota["total_granted"] == quota["total_used"] + quota["total_available"], quota


def refusals():
    refused = call("POST", "v2/videos/generations", 401, json={"model": "sora-2", "prompt": "x"}, headers={"Authorization": "Bearer test-key-of-nobody"})
    assert "无效的令牌" in refused["error"]["message"], refused
    refused = call("POST", "v2/videos/generations", 400, json={"model": "sora-2"})
    assert refused["error"]["param"] == "prompt", refused
    assert call("GET", "v2/videos/generations/nobody", 400)["code"] == "task_not_exist"
    page = session.get(ZHENZHEN + "nowhere", timeout=60)
    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"), page


generations()
openai_style()
account()
refusals()
print("paid creates:", paid)
