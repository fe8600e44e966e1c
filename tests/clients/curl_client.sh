#!/usr/bin/env bash
# curl against the simulator as clients of Juxin use it: few fields, a key without Bearer, a preflight of a page, the second documented query.
# Reads JUXIN and KEY; prints the number of paid creates.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
base64 --decode >"$folder/cat.png" <<<iVBORw0KGgoAAQID
paid=0

fail() { echo "curl_client: $1" >&2; exit 1; }
ask() { curl --silent --show-error --max-time 60 --header "Authorization: Bearer $KEY" "$@"; }
json() { ask --header 'Content-Type: application/json' --data "$2" "${JUXIN}$1" "${@:3}"; }
field() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
status() { ask --output /dev/null --write-out '%{http_code}' "$@"; }

# Sets id to the task in the response $1.
accepted() {
  id=$(field id <<<"$1") || fail "no task in $1"
  paid=$((paid + 1))
}

# Waits for the task $id at the address $1.
completed() {
  for _ in $(seq 1200); do
    response=$(ask "$1")
    case $(field status <<<"$response") in
      completed) return ;;
      queued | in_progress) sleep 0.05 ;;
      *) fail "$response" ;;
    esac
  done
  fail "$id does not complete"
}

accepted "$(json v1/video/create '{"model":"sora-2-all","prompt":"一只小猫","aspect_ratio":"9:16"}')"
completed "${JUXIN}v1/video/query?id=$id"
completed "${JUXIN}v1/videos/$id"
curl --silent --fail --output "$folder/video.mp4" "$(field video_url <<<"$response")"
[ "$(head -c 8 "$folder/video.mp4" | tail -c 4)" = ftyp ] || fail "the link is not a video"
ask --fail --output "$folder/content.mp4" "${JUXIN}v1/videos/$id/content"
cmp "$folder/video.mp4" "$folder/content.mp4"
[ "$(ask --output /dev/null --write-out '%{content_type}' "${JUXIN}v1/videos/$id/content?variant=thumbnail")" = image/jpeg ] || fail "the thumbnail is not an image"

finished=$id
accepted "$(json "v1/videos/$finished/remix" '{"prompt":"a tiger"}')"
[ "$id" != "$finished" ] || fail "a remix has the id of its source"

accepted "$(ask --form model=sora-2-all --form 'prompt=a cat' --form size=1280x720 --form "input_reference=@$folder/cat.png" "${JUXIN}v1/videos")"
accepted "$(ask --form model=sora-2-all --form 'prompt=a cat' --form size=medium --form input_reference=https://example.com/cat.png "${JUXIN}v1/videos")"
accepted "$(json v1/video/create '{"model":"sora-2","prompt":"x","orientation":"square","size":"medium"}')"
accepted "$(json v1/video/create '{"model":"veo3.1-fast","prompt":"x","aspect_ratio":"16:9","enhance_prompt":true,"images":[]}')"
accepted "$(curl --silent --header "Authorization: $KEY" --header 'Content-Type: application/json' --data '{"model":"sora-2-all","prompt":"bare key"}' "${JUXIN}v1/video/create")"

json sora/v1/characters "{\"timestamps\":\"1,3\",\"from_task\":\"$finished\"}" | grep -q '"username"' || fail "no character"
paid=$((paid + 1))

preflight=$(curl --silent --include --request OPTIONS --header 'Origin: http://localhost:3000' --header 'Access-Control-Request-Method: POST' \
  --header 'Access-Control-Request-Headers: authorization,content-type' "${JUXIN}v1/video/create" | tr -d '\r')
grep -q '^HTTP/1.1 204' <<<"$preflight" || fail "no preflight: $preflight"
grep -qi '^access-control-allow-headers: authorization,content-type$' <<<"$preflight" || fail "a page cannot send the key: $preflight"
ask --include --header 'Origin: http://localhost:3000' "${JUXIN}v1/video/query?id=no-such-task" | tr -d '\r' |
  grep -qi '^access-control-allow-origin: \*$' || fail "a page cannot read an error"

[ "$(json v1/video/create '{"model":"sora-2-all"}' --output /dev/null --write-out '%{http_code}')" = 400 ] || fail "a create without a prompt is accepted"
json v1/video/create '{"prompt":"x"}' | grep -q 'No available channels for model veo2-fast' || fail "a create without a model is accepted"
[ "$(status "${JUXIN}v1/video/query?id=no-such-task")" = 400 ] || fail "a task that does not exist is found"
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "${JUXIN}v1/models")" = 401 ] || fail "a request without a key is accepted"
ask "${JUXIN}nowhere" | grep -q '<!doctype html>' || fail "no web site"

echo "paid creates: $paid"
