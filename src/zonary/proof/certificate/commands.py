"""The commands of the annex, once for all who need them: this package, and the page that verifies in a browser.

What stands between ``@`` is put in from the facts by :mod:`zonary.proof.certificate.steps`, and by ``steps.js`` of that
page, which is given this very table; nothing else of a command is made anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One check as it is printed.

    :ivar when: what the facts must be for it to stand there: ``always``, ``whole``, ``disclosed``, ``further`` (tokens
        of further authorities), ``sm2`` (those signed with SM2) or ``second`` (a second tree).
    :ivar commands: with places to be filled; of tokens of further authorities those of one, repeated for each.
    :ivar first: what stands once before them.
    """

    when: str
    chinese: str
    english: str
    commands: str
    first: str = ""


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
is_listed() { grep -F "\\"sha256\\":\\"$s\\"" @LISTING@ | grep -F -q "\\"sm3\\":\\"$m\\""; }
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

_TREE = """\
{ printf 'zonary-leaf/1 evidence\\n'; openssl dgst -sha256 -binary statement.json
  openssl dgst -sm3 -binary statement.json; } > leaf
sed '/^$/,$d' PROOF > proof
sed '1,/^$/d' PROOF > checkpoint
h=$({ printf '\\000'; cat leaf; } | openssl dgst -HASH -r | cut -c1-64)
i=$(sed -n 's/^index //p' proof); n=$(($(sed -n 2p checkpoint) - 1))
for b in $(sed '1,/^index /d' proof); do
  p=$(echo "$b" | openssl base64 -d -A | xxd -p -c 64)
  if [ $((i % 2)) = 1 ] || [ "$i" = "$n" ]; then
    h=$(echo "01$p$h" | H HASH)
    while [ $((i % 2)) = 0 ] && [ "$i" != 0 ]; do i=$((i / 2)); n=$((n / 2)); done
  else h=$(echo "01$h$p" | H HASH); fi
  i=$((i / 2)); n=$((n / 2))
done
same "$h" "$(sed -n 3p checkpoint | openssl base64 -d -A | xxd -p -c 64)" "the registration record is in the TREE\""""

_LEAF = _TREE.replace("PROOF", "log/statement.tlog-proof").replace("HASH", "sha256").replace("TREE", "log")

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

_TAKE_OUT = f"""\
{_BEGIN}
{_HASHES}
[ -e evidence.zonary ] || pdfdetach -savefile evidence.zonary -o evidence.zonary "$PDF"
same "$(sha256sum < evidence.zonary | cut -c1-64)" \\
  @PACKAGE_SHA256@ "the package has the SHA-256 printed"
same "$(openssl dgst -sm3 -r < evidence.zonary | cut -c1-64)" \\
  @PACKAGE_SM3@ "the package has the SM3 printed"
check "the package unpacks" unzip -q evidence.zonary -d unpacked
cd unpacked
same "$(openssl dgst -sha256 -r < statement.json | cut -c1-64)" \\
  @STATEMENT_SHA256@ "the registration record is the one printed\""""

_TIMESTAMPS = """\
check "token 1 covers @OF@" \\
  openssl ts -verify -CAfile timestamp/ca.pem -attime @PLAIN_SECONDS@ \\
  -data @COVERED@ -in '@PLAIN@'
check "token 2 covers ASiCManifest.xml" \\
  openssl ts -verify -CAfile timestamp/ca.pem -attime @PACKAGE_SECONDS@ \\
  -data META-INF/ASiCManifest.xml -token_in -in META-INF/timestamp.tst
says() { openssl ts -reply "$@" -text | sed -n "s/^Time stamp:/$said says/p; s/^Accuracy:/  accuracy/p"; }
said="token 1"; says -in '@PLAIN@'
said="token 2"; says -token_in -in META-INF/timestamp.tst
listed=$(sed -n 's:.*<ds\\:DigestValue>\\(.*\\)</ds\\:DigestValue>.*:\\1:p' META-INF/ASiCManifest.xml)
same "$(openssl dgst -sha256 -binary statement.json | openssl base64)" "$listed" \\
  "ASiCManifest.xml lists the registration record"
sed -n '/BEGIN/,/END/p' timestamp/ca.pem | while IFS= read -r l; do
  case "$l" in *BEGIN*) : > one.pem ;; esac
  echo "$l" >> one.pem
  case "$l" in *END*) openssl x509 -in one.pem -noout -subject
    openssl x509 -in one.pem -outform DER | sha256sum | cut -c1-64 ;; esac
done"""

_FURTHER = """\
check "the token of @NAME@ covers the registration record" \\
  openssl ts -verify -CAfile timestamps/@NAME@.pem -attime @SECONDS@ \\
  -data statement.json -token_in -in timestamps/@NAME@.tst
said="the token of @NAME@"; says -token_in -in timestamps/@NAME@.tst"""

_SM2_FUNCTIONS = """\
element() {
  openssl asn1parse -inform DER -in sm2.tst |
    sed -n "s/^ *\\([0-9]*\\):d=$1 *hl=\\([0-9]*\\) *l= *\\([0-9]*\\) $2.*/\\1 \\2 \\3/p"
}
cut_out() { tail -c +$(($1 + 1)) sm2.tst | head -c "$2"; }
take_apart() {
  set -- $(element 5 'prim: OCTET STRING' | head -n 1); cut_out $(($1 + $2)) "$3" > sm2.info
  set -- $(element 4 'cons: SEQUENCE' | sed -n 2p); cut_out "$1" $(($2 + $3)) > sm2.der
  set -- $(element 5 'cons: cont \\[ 0 \\]')
  { printf 1; cut_out $(($1 + 1)) $(($2 + $3 - 1)); } > sm2.attributes
  set -- $(element 5 'prim: OCTET STRING' | tail -n 1); cut_out $(($1 + $2)) "$3" > sm2.signature
  openssl x509 -inform DER -in sm2.der -out sm2.pem && openssl x509 -in sm2.pem -noout -pubkey > sm2.pub
}
holds() {
  for a in sm3 sha256; do
    d=$(openssl dgst "-$a" -r "$2" | cut -c1-64 | tr a-f A-F)
    if openssl asn1parse -inform DER -in "$1" | grep -q "HEX DUMP\\]:$d\\$"; then return; fi
  done
  false
}"""

_SM2 = """\
cp timestamps/@NAME@.tst sm2.tst
check "the token of @NAME@ can be taken apart" take_apart
check "the token of @NAME@ is signed with SM2 by its certificate" \\
  openssl dgst -sm3 -verify sm2.pub -sigopt distid:1234567812345678 -signature sm2.signature sm2.attributes
check "that certificate is issued for timestamps by the authority beside it" \\
  openssl verify -vfyopt distid:1234567812345678 -purpose timestampsign -attime @SECONDS@ \\
  -CAfile timestamps/@NAME@.pem sm2.pem
check "what is signed is what the token says" holds sm2.attributes sm2.info
check "what is signed names that certificate" holds sm2.attributes sm2.der
check "the token of @NAME@ covers the registration record" holds sm2.info statement.json
openssl asn1parse -inform DER -in sm2.info | sed -n 's/.*GENERALIZEDTIME *:/It says: /p'"""

_SECOND = (
    _TREE.replace("PROOF", "log-sm3/statement.sm3-proof").replace("HASH", "sm3").replace("TREE", "second tree")
    + """
sed '/^$/,$d' checkpoint > signed
found=no
for key in $(cat log-sm3/log.vkey); do
  id=$(echo "$key" | cut -d + -f 2)
  { printf '3059301306072a8648ce3d020106082a811ccf5501822d034200' | xxd -r -p
    echo "$key" | cut -d + -f 3- | openssl base64 -d -A | tail -c 65; } > key.der
  openssl pkey -pubin -inform DER -in key.der -out key.pem || continue
  for s in $(sed -n '/^$/,$p' checkpoint | sed -n 's/^.* //p'); do
    printf '%s' "$s" | openssl base64 -d -A > signature
    [ "$(head -c 4 signature | xxd -p)" = "$id" ] || continue
    tail -c +5 signature > signature.der
    openssl dgst -sm3 -verify key.pem -sigopt distid:1234567812345678 -signature signature.der signed \\
      && found=yes && echo "Signed by the key $key"
  done
done
check "the second tree's checkpoint is signed by a key shown above" [ "$found" = yes ]"""
)

TABLE = (
    Entry(
        "always",
        "取出存证包。在 PDF 阅读器中另存附件，或用 pdfdetach；其哈希值应与本证书所印一致。",
        "Take out the package: save the attachment in a PDF reader, or use pdfdetach. Its digests are printed.",
        _TAKE_OUT,
    ),
    Entry(
        "always",
        "文件与清单：待核对文件的两个哈希值须在清单的同一行。",
        "File and manifest: both digests of the file in hand stand in one line of the manifest.",
        _FILE,
    ),
    *(
        Entry(
            when,
            "清单与登记记录：由清单逐行计算哈希树，两个根须为登记记录所载。",
            "Manifest and registration record: the hash trees over the lines give both roots in the record.",
            commands,
        )
        for when, commands in (("whole", _WHOLE), ("disclosed", _DISCLOSED))
    ),
    Entry(
        "always",
        "时间戳：两枚 RFC 3161 令牌，列出其时间与误差；-attime 为令牌时间（秒），证书到期后仍可照此核验。"
        "末尾列出所附证书及其 SHA-256，根证书须与信任文件的 timestamp-root 一致。",
        "Timestamps: two RFC 3161 tokens, with their time and accuracy; -attime is the token's time in seconds, so "
        "that this works after the certificates have expired. At the end the certificates enclosed, with their "
        "SHA-256: the root has to be a timestamp-root of the trust file.",
        _TIMESTAMPS,
    ),
    Entry(
        "always",
        "登记记录与日志：由登记记录计算日志叶，沿证明路径算至检查点的根（RFC 9162；索引从 0 起计）。",
        "Registration record and log: from its leaf along the proof to the root in the checkpoint (RFC 9162; the "
        "index is counted from 0).",
        _LEAF,
    ),
    Entry(
        "always",
        "检查点签名（Ed25519）。所显示的公钥须与另行取得的信任文件中的一致。",
        "Signature of the checkpoint (Ed25519). Compare the key shown with a trust file had from elsewhere.",
        _CHECKPOINT,
    ),
    Entry(
        "further",
        "其他机构的时间戳：各覆盖登记记录。所用证书取自存证包，是否可信须另行核对。",
        "Timestamps of further authorities, each over the registration record. Their certificates are those in the "
        "package: whether to trust them is another question.",
        _FURTHER,
    ),
    Entry(
        "sm2",
        "国密时间戳（SM2、SM3）：openssl ts 不识别其格式，故拆开令牌，逐项核对签名、证书、时间与所覆盖的内容；"
        "需 OpenSSL 支持 SM2。",
        "Timestamps signed with SM2: openssl ts does not know their form, so the token is taken apart and signature, "
        "certificate, time and what it covers are checked one by one. Needs an OpenSSL with SM2.",
        _SM2,
        first=_SM2_FUNCTIONS,
    ),
    Entry(
        "second",
        "第二棵树（SM3、SM2）：同一登记记录在其中的位置，及其检查点的签名；需 OpenSSL 支持 SM2。",
        "The second tree (SM3, SM2): the same record in it, and the signature of its checkpoint. Needs an OpenSSL with "
        "SM2.",
        _SECOND,
    ),
)
