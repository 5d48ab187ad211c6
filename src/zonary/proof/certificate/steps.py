"""The annex: how an appraiser finds that file, package and log agree without this software, and without a network.

Needed are a shell, ``unzip``, ``xxd``, the tools of coreutils and OpenSSL 3. What is printed on the page is what is
run: the same text is attached to the certificate as ``steps.sh``, and stops at the first check that fails. No OK is
said but by the check itself: whoever goes on past a failure, or in a shell that does not stop, reads no false one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zonary.proof.certificate.facts import PACKAGE_NAME, PackageFacts
from zonary.proof.package.container import PACKAGE_TOKEN, STATEMENT, TOKEN_FOLDER, TOKEN_SUFFIX

STEPS_NAME = "steps.sh"


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it shows, in both languages, and the commands."""

    chinese: str
    english: str
    commands: str


_BEGIN = "set -eu"

_HASHES = """\
check() {
  said=$1; shift
  if "$@"; then echo "OK: $said"; else echo "FAILED: $said" >&2; exit 1; fi
}
is_same() { [ -n "$1" ] && [ "$1" = "$2" ]; }
same() { check "$3" is_same "$1" "$2"; }
H() { xxd -r -p | openssl dgst "-$1" -r | cut -c1-64; }
named() { sed -n "s/.*\\"manifest\\":{[^}]*\\"$1\\":\\"\\([0-9a-f]*\\)\\".*/\\1/p" statement.json; }"""

_FILE = """\
: "${FILE:?FAILED: set FILE to the file to be compared}"
is_absolute() { case "$1" in /*) [ -f "$1" ] ;; *) false ;; esac; }
check "FILE is the absolute path of a file" is_absolute "$FILE"
s=$(sha256sum < "$FILE" | cut -c1-64)
m=$(openssl dgst -sm3 -r < "$FILE" | cut -c1-64)
is_listed() { grep -F "\\"sha256\\":\\"$s\\"" MANIFEST | grep -F -q "\\"sm3\\":\\"$m\\""; }
check "the file is in the manifest, by SHA-256 and by SM3" is_listed"""

_WHOLE = """\
for a in sha256 sm3; do
  while IFS= read -r l; do
    { printf '\\000'; printf '%s' "$l"; } | openssl dgst "-$a" -r | cut -c1-64
  done < manifest.jsonl > level
  while [ "$(wc -l < level)" -gt 1 ]; do
    paste -d ' ' - - < level | while read -r x y; do
      if [ -n "$y" ]; then echo "01$x$y" | H "$a"; else echo "$x"; fi
    done > up
    mv up level
  done
  same "$(cat level)" "$(named "$a")" "the manifest has the $a root of the record"
done"""

_DISCLOSED = """\
for a in sha256 sm3; do
  sed 's/},{"index":/}\\n{"index":/g; s/^{"leaves":\\[//; s/\\],"version":"[^"]*"}$//' \\
    disclosure.json > leaves
  while IFS= read -r l || [ -n "$l" ]; do
    i=$(printf '%s' "$l" | sed 's/^{"index":\\([0-9]*\\),.*/\\1/')
    leaf=$(printf '%s' "$l" | sed 's/^{"index":[0-9]*,"leaf":\\(.*}\\),"sha256":\\[.*/\\1/')
    h=$({ printf '\\000'; printf '%s' "$leaf"; } | openssl dgst "-$a" -r | cut -c1-64)
    path=$(printf '%s' "$l" | sed "s/.*},.*\\"$a\\":\\[\\([^]]*\\)\\].*/\\1/" | tr -d '"' | tr ',' ' ')
    for p in $path; do
      if [ $((i % 2)) = 1 ]; then h=$(echo "01$p$h" | H "$a"); else h=$(echo "01$h$p" | H "$a"); fi
      i=$((i / 2))
    done
    same "$h" "$(named "$a")" "a disclosed line is under the $a root of the record"
  done < leaves
done"""

_LEAF = """\
{ printf 'zonary-leaf/1 evidence\\n'; openssl dgst -sha256 -binary statement.json
  openssl dgst -sm3 -binary statement.json; } > leaf
sed '/^$/,$d' log/statement.tlog-proof > proof
sed '1,/^$/d' log/statement.tlog-proof > checkpoint
h=$({ printf '\\000'; cat leaf; } | openssl dgst -sha256 -r | cut -c1-64)
i=$(sed -n 's/^index //p' proof); n=$(($(sed -n 2p checkpoint) - 1))
for b in $(sed '1,/^index /d' proof); do
  p=$(echo "$b" | openssl base64 -d -A | xxd -p -c 64)
  if [ $((i % 2)) = 1 ] || [ "$i" = "$n" ]; then
    h=$(echo "01$p$h" | H sha256)
    while [ $((i % 2)) = 0 ] && [ "$i" != 0 ]; do i=$((i / 2)); n=$((n / 2)); done
  else h=$(echo "01$h$p" | H sha256); fi
  i=$((i / 2)); n=$((n / 2))
done
same "$h" "$(sed -n 3p checkpoint | openssl base64 -d -A | xxd -p -c 64)" "the registration record is in the log\""""

_CHECKPOINT = """\
sed '/^$/,$d' checkpoint > signed
found=no
for key in $(grep -E '[+][A-Za-z0-9+/]{44}$' log/log.vkey); do
  id=$(echo "$key" | cut -d + -f 2); public=$(echo "$key" | cut -d + -f 3-)
  { printf '302a300506032b6570032100' | xxd -r -p
    printf '%s' "$public" | openssl base64 -d -A | tail -c 32; } > key.der
  for s in $(sed -n '/^$/,$p' checkpoint | grep -oE '[A-Za-z0-9+/=]{92}$'); do
    printf '%s' "$s" | openssl base64 -d -A > signature
    [ "$(head -c 4 signature | xxd -p)" = "$id" ] || continue
    tail -c 64 signature > signature.raw
    openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in signed \\
      -sigfile signature.raw && found=yes && echo "Signed by the key $key"
  done
done
check "the checkpoint is signed by a key shown above" [ "$found" = yes ]"""


def steps_for(facts: PackageFacts) -> tuple[Step, ...]:
    """The checks of one package, in their order."""
    listing = "disclosure.json" if facts.is_disclosure else "manifest.jsonl"
    return (
        Step(
            "取出存证包。在 PDF 阅读器中另存附件，或用 pdfdetach；其哈希值应与本证书所印一致。",
            "Take out the package: save the attachment in a PDF reader, or use pdfdetach. Its digests are printed.",
            _take_out(facts),
        ),
        Step(
            "文件与清单：待核对文件的两个哈希值须在清单的同一行。",
            "File and manifest: both digests of the file in hand stand in one line of the manifest.",
            _FILE.replace("MANIFEST", listing),
        ),
        Step(
            "清单与登记记录：由清单逐行计算哈希树，两个根须为登记记录所载。",
            "Manifest and registration record: the hash trees over the lines give both roots in the record.",
            _DISCLOSED if facts.is_disclosure else _WHOLE,
        ),
        Step(
            "时间戳：两枚 RFC 3161 令牌；-attime 为令牌时间（秒），证书到期后仍可照此核验。",
            "Timestamps: two RFC 3161 tokens; -attime is the token's time in seconds, so that this works after the "
            "certificates have expired.",
            _timestamps(facts),
        ),
        Step(
            "登记记录与日志：由登记记录计算日志叶，沿证明路径算至检查点的根（RFC 9162；索引从 0 起计）。",
            "Registration record and log: from its leaf along the proof to the root in the checkpoint (RFC 9162; the "
            "index is counted from 0).",
            _LEAF,
        ),
        Step(
            "检查点签名（Ed25519）。所显示的公钥须与另行取得的信任文件中的一致。",
            "Signature of the checkpoint (Ed25519). Compare the key shown with a trust file had from elsewhere.",
            _CHECKPOINT,
        ),
    )


def script_of(facts: PackageFacts) -> bytes:
    """All commands one after the other, as they are attached."""
    parts = [
        f"# {number}. {step.chinese}\n# {step.english}\n{step.commands}\n"
        for number, step in enumerate(steps_for(facts), 1)
    ]
    return "\n".join(parts).encode()


def _take_out(facts: PackageFacts) -> str:
    return (
        f"{_BEGIN}\n{_HASHES}\n"
        f'[ -e {PACKAGE_NAME} ] || pdfdetach -savefile {PACKAGE_NAME} -o {PACKAGE_NAME} "$PDF"\n'
        f'same "$(sha256sum < {PACKAGE_NAME} | cut -c1-64)" \\\n'
        f'  {facts.sha256} "the package has the SHA-256 printed"\n'
        f'same "$(openssl dgst -sm3 -r < {PACKAGE_NAME} | cut -c1-64)" \\\n'
        f'  {facts.sm3} "the package has the SM3 printed"\n'
        f'check "the package unpacks" unzip -q {PACKAGE_NAME} -d unpacked\n'
        "cd unpacked\n"
        f'same "$(openssl dgst -sha256 -r < {STATEMENT} | cut -c1-64)" \\\n'
        f'  {facts.statement_sha256} "the registration record is the one printed"'
    )


def _timestamps(facts: PackageFacts) -> str:
    stem = facts.plain_token.removeprefix(TOKEN_FOLDER).removesuffix(TOKEN_SUFFIX)
    covered, of = (STATEMENT, "the registration record") if stem == STATEMENT else ('"$FILE"', "the file")
    return (
        f'check "token 1 covers {of}" \\\n'
        f"  openssl ts -verify -CAfile timestamp/ca.pem -attime {_seconds(facts, facts.plain_token)} \\\n"
        f"  -data {covered} -in '{facts.plain_token}'\n"
        'check "token 2 covers ASiCManifest.xml" \\\n'
        f"  openssl ts -verify -CAfile timestamp/ca.pem -attime {_seconds(facts, PACKAGE_TOKEN)} \\\n"
        f"  -data META-INF/ASiCManifest.xml -token_in -in {PACKAGE_TOKEN}\n"
        "listed=$(sed -n 's:.*<ds\\:DigestValue>\\(.*\\)</ds\\:DigestValue>.*:\\1:p' META-INF/ASiCManifest.xml)\n"
        f'same "$(openssl dgst -sha256 -binary {STATEMENT} | openssl base64)" "$listed" \\\n'
        '  "ASiCManifest.xml lists the registration record"\n'
        "sed -n '/BEGIN/,/END/p' timestamp/ca.pem | while IFS= read -r l; do\n"
        '  case "$l" in *BEGIN*) : > one.pem ;; esac\n'
        '  echo "$l" >> one.pem\n'
        '  case "$l" in *END*) openssl x509 -in one.pem -noout -subject\n'
        "    openssl x509 -in one.pem -outform DER | sha256sum | cut -c1-64 ;; esac\n"
        "done"
    )


def _seconds(facts: PackageFacts, name: str) -> int:
    """The time of the token ``name`` as OpenSSL takes it; 0 in a package whose tokens could not be read."""
    times = (int(datetime.fromisoformat(each.time).timestamp()) for each in facts.stamps if each.member == name)
    return next(times, 0)
