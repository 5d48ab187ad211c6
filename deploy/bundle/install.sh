#!/bin/sh
# Installs Zonary from this folder, without a network:
#
#   sh install.sh --signer FINGERPRINT [--prefix DIR] [--python PROGRAM]
#
# FINGERPRINT is that of whoever made the archive; take it from them, not from the archive. Before anything of this
# folder is run or unpacked, the signature over the list of its files is checked, and every file against the list.
# Needs sh, openssl (1.1.1 or later), sha256sum and a Python 3.11 or later with venv. Nothing outside DIR is changed.
set -eu
LC_ALL=C
export LC_ALL

signer= prefix=/opt/zonary python=python3
fail() { printf 'install.sh: %s\n' "$1" >&2; exit 2; }

while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || fail "$1 needs a value, or is unknown. Usage: sh install.sh --signer FINGERPRINT [--prefix DIR] [--python PROGRAM]"
  case "$1" in
    --signer) signer=$2 ;;
    --prefix) prefix=$2 ;;
    --python) python=$2 ;;
    *) fail "$1 is unknown. Usage: sh install.sh --signer FINGERPRINT [--prefix DIR] [--python PROGRAM]" ;;
  esac
  shift 2
done

case "$prefix" in /*) ;; *) prefix=$PWD/$prefix ;; esac
cd "$(dirname "$0")"
for program in openssl sha256sum "$python"; do
  command -v "$program" >/dev/null 2>&1 || fail "the program $program is not here. Install it first."
done
[ -n "$signer" ] || fail "say whose archive you expect: --signer FINGERPRINT. Who made it shows it at the end of make bundle."

# Who signed.
found=$(openssl pkey -pubin -in signer.pem -outform DER 2>/dev/null | sha256sum | cut -d ' ' -f 1)
[ "$found" = "$signer" ] || fail "this archive was signed by another key ($found) than the one you named. Nothing was installed."
openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1 ||
  fail "the signature over SHA256SUMS does not hold. Nothing was installed."

# What was signed: every file is listed, and is as it was.
sha256sum --check --strict --quiet SHA256SUMS >/dev/null 2>&1 ||
  fail "a file is not as it was signed: $(sha256sum --check --quiet SHA256SUMS 2>/dev/null | head -n 1). Nothing was installed."
listed=$(cut -c 67- SHA256SUMS; printf '%s\n' SHA256SUMS SHA256SUMS.sig signer.pem)
extra=$(find . ! -type d | sed 's|^\./||' | while IFS= read -r name; do
  printf '%s\n' "$listed" | grep -Fxq -e "$name" || { printf '%s\n' "$name"; break; }
done)
[ -z "$extra" ] || fail "$extra does not belong to this archive. Nothing was installed."

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Zonary needs Python 3.11 or later; name one with --python."
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"
[ ! -e "$prefix" ] || fail "$prefix exists already. Name another folder with --prefix; move over to it once it works."

# Under its own name from the beginning (environments do not move), and gone again if it does not come to an end.
trap 'rm -rf "$prefix"; fail "it did not come to an end; $prefix was removed again."' HUP INT TERM
install_all() {
  "$python" -m venv "$prefix" &&
    "$prefix/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index \
      -f wheels --require-hashes -r requirements.txt &&
    "$prefix/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index --no-deps \
      wheels/zonary-*.whl &&
    "$prefix/bin/zonary" --version
}
install_all || { rm -rf "$prefix"; fail "it could not be installed; what went wrong stands above. $prefix was removed again."; }
printf 'Installed. Next: %s/bin/zonary serve --data DIR\n' "$prefix"
