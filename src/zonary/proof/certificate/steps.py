"""The annex: how an appraiser repeats every check without this software, on a machine without a network.

Needed are a shell, ``unzip``, ``xxd``, the tools of coreutils and OpenSSL 3. What is printed on the page is what is
run: the same text is attached to the certificate as ``steps.sh``, and stops at the first check that fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from zonary.proof.certificate.facts import PACKAGE_NAME, PackageFacts
from zonary.proof.package.container import STATEMENT, TOKEN_FOLDER, TOKEN_SUFFIX

STEPS_NAME = "steps.sh"


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it shows, in both languages, and the commands."""

    chinese: str
    english: str
    commands: str


_BEGIN = "set -eu"

_HASHES = """\
H() { xxd -r -p | openssl dgst "-$1" -r | cut -c1-64; }
same() { [ "$1" = "$2" ] && echo "OK: $3" || { echo "FAILED: $3" >&2; exit 1; }; }
named() { sed -n "s/.*\\"$1\\":\\"\\([0-9a-f]*\\)\\".*/\\1/p" statement.json; }"""

_FILE = """\
: "${FILE:?set FILE to the file to be compared}"
s=$(sha256sum < "$FILE" | cut -c1-64)
m=$(openssl dgst -sm3 -r < "$FILE" | cut -c1-64)
grep -F "\\"sha256\\":\\"$s\\"" MANIFEST | grep -F -q "\\"sm3\\":\\"$m\\""
echo "OK: the file is in the manifest, by SHA-256 and by SM3\""""

_WHOLE = """\
for a in sha256 sm3; do
  while IFS= read -r l; do
    { printf '\\000'; printf '%s' "$l"; } | openssl dgst "-$a" -r | cut -c1-64
  done < manifest.jsonl > level
  while [ "$(wc -l < level)" -gt 1 ]; do
    paste -d ' ' - - < level | while read -r x y; do echo "01$x$y" | H "$a"; done > up
    mv up level
  done
  same "$(cat level)" "$(named "$a")" "the manifest has the $a root of the statement"
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
    same "$h" "$(named "$a")" "a disclosed line is under the $a root of the statement"
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
same "$h" "$(sed -n 3p checkpoint | openssl base64 -d -A | xxd -p -c 64)" "the statement is in the log\""""

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
      -sigfile signature.raw && found=yes && echo "OK: signed by the key $key"
  done
done
[ "$found" = yes ]"""


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
            "清单与声明：由清单逐行计算哈希树，两个根须为声明所载。",
            "Manifest and statement: the hash trees over the lines give both roots in the statement.",
            _DISCLOSED if facts.is_disclosure else _WHOLE,
        ),
        Step(
            "声明与时间戳：两枚 RFC 3161 令牌（数年后证书到期，须加 -attime 秒数）。",
            "Statement and timestamps: two RFC 3161 tokens (years later, add -attime SECONDS).",
            _timestamps(facts),
        ),
        Step(
            "声明与日志：由声明计算日志叶，沿证明路径算至检查点的根（RFC 9162）。",
            "Statement and log: from its leaf along the proof to the root in the checkpoint (RFC 9162).",
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
    return f"{_BEGIN}\n\n{chr(10).join(parts)}".encode()


def _take_out(facts: PackageFacts) -> str:
    return (
        f'[ -e {PACKAGE_NAME} ] || pdfdetach -savefile {PACKAGE_NAME} -o {PACKAGE_NAME} "$PDF"\n'
        f"echo '{facts.sha256}  {PACKAGE_NAME}' \\\n  | sha256sum -c -\n"
        f'[ "$(openssl dgst -sm3 -r < {PACKAGE_NAME} | cut -c1-64)" = \\\n  {facts.sm3} ]\n'
        f"unzip -q {PACKAGE_NAME} -d unpacked && cd unpacked\n"
        f"{_HASHES}\n"
        f'same "$(openssl dgst -sha256 -r < {STATEMENT} | cut -c1-64)" \\\n'
        f'  {facts.statement_sha256} "the statement is the one printed"'
    )


def _timestamps(facts: PackageFacts) -> str:
    stem = facts.plain_token.removeprefix(TOKEN_FOLDER).removesuffix(TOKEN_SUFFIX)
    covered = STATEMENT if stem == STATEMENT else '"$FILE"'
    return (
        f"openssl ts -verify -CAfile timestamp/ca.pem -data {covered} \\\n  -in '{facts.plain_token}'\n"
        "openssl ts -verify -CAfile timestamp/ca.pem -data META-INF/ASiCManifest.xml \\\n"
        "  -token_in -in META-INF/timestamp.tst\n"
        "listed=$(sed -n 's:.*<ds\\:DigestValue>\\(.*\\)</ds\\:DigestValue>.*:\\1:p' META-INF/ASiCManifest.xml)\n"
        f'same "$(openssl dgst -sha256 -binary {STATEMENT} | openssl base64)" "$listed" \\\n'
        '  "the second token covers the statement"'
    )
