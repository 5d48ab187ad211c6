"""Chinese of the names of things inside messages (:class:`zonary.proof.errors.Noun`)."""

from __future__ import annotations

NOUNS: dict[str, str] = {
    "ECDSA signature": "ECDSA 签名",
    "Ed25519 public key": "Ed25519 公钥",
    "Ed25519 signature": "Ed25519 签名",
    "ML-DSA-44 public key": "ML-DSA-44 公钥",
    "ML-DSA-44 signature": "ML-DSA-44 签名",
    "verifier key": "核验公钥",
    "signing key": "签名私钥",
    "signature": "签名",
    "log proof": "日志证明",
    "index": "索引",
    "extra data": "附加数据",
    "log proof's hash": "日志证明中的哈希值",
    "checkpoint": "检查点",
    "checkpoint's root": "检查点中的根",
    "checkpoint's size": "检查点中的条目数",
    "checkpoint's origin": "检查点中的日志名称",
    "signed note": "签名文本",
    "key name": "密钥名称",
    "workdays": "工作日",
    "days": "日",
    "months": "月",
    "years": "年",
}
