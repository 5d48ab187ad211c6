"""Chinese of the sentences of zonary.proof.sm2."""

from __future__ import annotations

PROOF_SM2: dict[str, str] = {
    "This machine has no OpenSSL 3 with SM2, which signatures with SM2 need: install one (Debian: libssl3), and a Python that uses it.": "本机没有支持 SM2 的 OpenSSL 3，SM2 签名需要它：请安装（Debian：libssl3），并使用与之链接的 Python。",
    "The SM2 key is damaged: its private and its public part do not belong together.": "SM2 密钥已损坏：其私钥部分与公钥部分不匹配。",
    "An SM2 key has at most {limit} bytes; this is {size}.": "SM2 密钥最长 {limit} 字节，这一个有 {size} 字节。",
    "There is something behind the SM2 key.": "SM2 密钥之后还有其他数据。",
    "This is not an SM2 key that can be read.": "这不是可读取的 SM2 密钥。",
    "This is a key of another kind than SM2.": "这是 SM2 以外的密钥。",
    "The SM2 key has no private part.": "该 SM2 密钥不含私钥部分。",
    "The machine's OpenSSL could not sign with the SM2 key.": "本机的 OpenSSL 无法用该 SM2 密钥签名。",
    "The machine's OpenSSL could not write the SM2 key.": "本机的 OpenSSL 无法写出该 SM2 密钥。",
    "An SM2 public key is an uncompressed point of {size} bytes.": "SM2 公钥须为 {size} 字节的未压缩点。",
    "This is not the public key of SM2 in the form that certificates have it.": "这不是证书所用形式的 SM2 公钥。",
    "An SM2 signature is over a digest of {size} bytes.": "SM2 签名的对象须为 {size} 字节的哈希值。",
    "The SM2 signature is not valid.": "SM2 签名无效。",
    "The SM2 private key is not unencrypted PEM that can be read.": "SM2 私钥不是可读取的未加密 PEM。",
    "An SM2 identifier has at most {limit} bytes.": "SM2 标识最长 {limit} 字节。",
}
