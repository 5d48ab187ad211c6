"""Chinese of the sentences of zonary.proof (see :mod:`zonary.common.language`)."""

from __future__ import annotations

from zonary.common.language.zh_proof_log import PROOF_LOG
from zonary.common.language.zh_proof_package import PROOF_PACKAGE
from zonary.common.language.zh_proof_sm2 import PROOF_SM2
from zonary.common.language.zh_proof_timestamp import PROOF_TIMESTAMP

_FORMATS: dict[str, str] = {
    # canonical
    "This value has no canonical JSON form: it holds text that is not Unicode.": "该值没有规范的 JSON 形式：其中有不是 Unicode 的文本。",
    "The JSON value is nested deeper than {limit} levels.": "JSON 值的嵌套超过 {limit} 层。",
    "An integer beyond 2^53 - 1 must be written as a string in canonical JSON.": "在规范 JSON 中，超过 2^53 - 1 的整数须写成字符串。",
    "A JSON map needs strings as keys.": "JSON 对象的键须为字符串。",
    "Only maps, lists, strings, integers, booleans and null are allowed in this JSON text.": "该 JSON 文本中只允许对象、数组、字符串、整数、布尔值和 null。",
    # digests, leaf
    "A {name} digest must be 64 lower-case hexadecimal digits.": "{name} 哈希值须为 64 位小写十六进制数字。",
    "“{name}” is not a leaf class: lower-case letters, digits and hyphens, at most 32.": "“{name}”不能用作叶的类别：须由小写字母、数字和连字符组成，最多 32 个字符。",
    "The log entry is not a Zonary leaf.": "该日志条目不是 Zonary 日志叶。",
    "The log leaf has version {version}; this release knows version 1.": "该日志叶的版本为 {version}；本版本只识别版本 1。",
    "The log leaf does not have a class and two digests.": "该日志叶不是由一个类别和两个哈希值组成。",
    # disclosure
    "disclosure.json is not a Zonary disclosure.": "disclosure.json 不是 Zonary 披露文件。",
    "The disclosure has version “{version}”; this release knows “{known}”.": "披露文件的版本为“{version}”；本版本只识别“{known}”。",
    "disclosure.json must disclose between 1 and {limit} leaves.": "disclosure.json 须披露 1 至 {limit} 个叶。",
    "The leaves in disclosure.json are not in order, or not of one tree.": "disclosure.json 中的叶未按顺序排列，或不属于同一棵树。",
    "A leaf in disclosure.json does not have the fields {fields}.": "disclosure.json 中有一个叶的字段不是 {fields}。",
    "A leaf in disclosure.json has no index, or paths of two lengths.": "disclosure.json 中有一个叶没有索引，或两条路径长度不一。",
    "A leaf in disclosure.json has an index outside its tree.": "disclosure.json 中有一个叶的索引超出其树的范围。",
    "A path in disclosure.json is not a list of at most {limit} hashes.": "disclosure.json 中有一条路径不是至多 {limit} 个哈希值的列表。",
    # manifest
    "There is nothing to seal.": "没有可存证的内容。",
    "There are {count} files; one seal takes at most {limit}. Seal the parts one by one.": "共有 {count} 个文件，一次存证最多 {limit} 个。请分批存证。",
    "The manifest has {size} bytes; at most {limit} are read.": "清单有 {size} 字节，超过可读取的上限 {limit} 字节。",
    "The manifest does not have 2^d lines, d at most {limit}.": "清单的行数不是 2^d（d 不超过 {limit}）。",
    "A line of the manifest is longer than {limit} bytes.": "清单中有一行超过 {limit} 字节。",
    "A line of the manifest is not a leaf this release knows.": "清单中有一行不是本版本所识别的叶。",
    "A line of the manifest is not in canonical form (RFC 8785).": "清单中有一行不是规范形式（RFC 8785）。",
    "A salt of the manifest is not 32 lower-case hexadecimal digits.": "清单中有一个盐不是 32 位小写十六进制数字。",
    "A digest of the manifest is not 64 lower-case hexadecimal digits.": "清单中有一个哈希值不是 64 位小写十六进制数字。",
    "The manifest holds a name that is empty, absolute or climbs out with “..”.": "清单中有一个名称为空、是绝对路径，或以“..”越出目录。",
    "The manifest names “{name}” twice.": "清单中“{name}”出现了两次。",
    "A symbolic link in the manifest points nowhere.": "清单中有一个符号链接没有指向。",
    "A size in the manifest is not a whole number written in its one form.": "清单中有一个大小不是以唯一规定形式书写的整数。",
    "A name in the manifest must be given once: as text, or in base64 when it is not UTF-8.": "清单中的名称只能给出一次：以文本给出，非 UTF-8 时以 base64 给出。",
    # signatures
    "The Ed25519 public key is not a point of the curve.": "该 Ed25519 公钥不是曲线上的点。",
    "The ECDSA public key is not a point of {curve}.": "该 ECDSA 公钥不是 {curve} 曲线上的点。",
    "The installed cryptography library has no ML-DSA-44; install a newer one.": "已安装的 cryptography 库不支持 ML-DSA-44；请安装较新的版本。",
    "An ML-DSA context has at most {limit} bytes.": "ML-DSA 的上下文最长 {limit} 字节。",
    "The ML-DSA-44 public key is damaged.": "该 ML-DSA-44 公钥已损坏。",
    "An {what} has {size} bytes, not {length}.": "{what}应为 {size} 字节，实为 {length} 字节。",
    "The {algorithm} signature is not valid.": "{algorithm} 签名无效。",
    # statement
    "statement.json is not a Zonary statement.": "statement.json 不是 Zonary 声明。",
    "The statement is “{version}”, class “{name}”; this release knows “{known}”, class “evidence”.": "该声明为“{version}”、“{name}”类；本版本只识别“{known}”、“evidence”类。",
    "The statement does not have exactly the fields {fields}.": "声明的字段应恰为 {fields}。",
    "The statement does not name a manifest by version, SHA-256 and SM3.": "声明没有以版本、SHA-256 和 SM3 指明清单。",
    "The statement names a manifest of version “{version}”; this release knows “{known}”.": "声明所指清单的版本为“{version}”；本版本只识别“{known}”。",
    "The statement's salt is not 32 lower-case hexadecimal digits.": "声明的盐不是 32 位小写十六进制数字。",
    "“declared” and “observed” of the statement must be maps.": "声明的“declared”和“observed”须为 JSON 对象。",
    "A statement may have at most {limit} bytes.": "声明最长 {limit} 字节。",
    # trust
    "The trust file has {size} bytes; at most {limit} are read.": "信任文件有 {size} 字节，超过可读取的上限 {limit} 字节。",
    "The trust file is not UTF-8 text.": "信任文件不是 UTF-8 文本。",
    "Line {number} of the trust file is not understood, or names something twice.": "信任文件第 {number} 行无法识别，或重复列出了同一项。",
    "{name} has {size} bytes; at most {limit} are read.": "{name} 有 {size} 字节，最多读取 {limit} 字节。",
    "{name} is not JSON.": "{name} 不是 JSON。",
    "{name} is not in canonical form (RFC 8785).": "{name} 不是规范形式（RFC 8785）。",
}

PROOF: dict[str, str] = {**_FORMATS, **PROOF_LOG, **PROOF_PACKAGE, **PROOF_SM2, **PROOF_TIMESTAMP}
