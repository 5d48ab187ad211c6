#!/bin/sh
# The first journey on a machine without a network: to be run under `unshare --net`, which has but a loopback that is
# down. $1: the unpacked bundle. $2: the signer. $3: an empty folder for everything else. $4: the Python to use.
set -eu
bundle=$1 signer=$2 place=$3 python=$4
ip link set lo up
if "$python" -c 'import socket; socket.create_connection(("192.0.2.1", 9), 3)' 2>/dev/null; then
  echo "there is a network here" >&2; exit 9
fi
mkdir "$place/home"
export HOME="$place/home" ZONARY_LANG=en PIP_CONFIG_FILE=/dev/null
unset PYTHONPATH XDG_CONFIG_HOME XDG_STATE_HOME VIRTUAL_ENV || :
sh "$bundle/install.sh" --signer "$signer" --prefix "$place/zonary" --python "$python"
cd "$place"
"$place/zonary/bin/zonary" serve --data data --port 8000 --workers 1 >serve.out 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || :' EXIT
tries=0
until grep -q "Zonary is running" serve.out; do
  tries=$((tries + 1)); [ $tries -lt 600 ] || { cat serve.out >&2; exit 8; }
  sleep 0.2
done
printf 'drawing\n' >drawing.txt
"$place/zonary/bin/zonary" seal drawing.txt -o drawing.zonary
"$place/zonary/bin/zonary" verify drawing.zonary drawing.txt --trust data/trust.txt
"$place/zonary/bin/zonary" fsck --data data
"$place/zonary/bin/python" -c '
import urllib.request
page = urllib.request.urlopen("http://127.0.0.1:8000/").read().decode()
assert "<html" in page, page[:200]
for part in page.split("\"/static/")[1:]:
    urllib.request.urlopen("http://127.0.0.1:8000/static/" + part.split("\"")[0]).read()
print("pages are served with what they are made of")'
"$place/zonary/bin/python" -c 'import pkcs11, playwright.sync_api'
