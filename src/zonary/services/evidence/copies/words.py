"""What these pages say, in Chinese; the portal adds it to the catalogue when it starts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "A copy of a registered file was stored": "托管了所登记文件的副本",
    "Which documents are copies of a piece of evidence was erased": "删除了存证与托管副本的对应关系",
    "Compared with the registered digests": "已与登记的哈希值比对",
    "At most {count} copies can be stored for one record.": "每条存证最多可托管 {count} 份副本。",
    "This is not the file that was registered: it has other digests.": "这不是所登记的文件：哈希值不同。",
    "Stored copies": "托管的文件",
    "Compared: the same digests": "已比对，哈希值一致",
    "Not compared here": "平台未比对",
    "The server has no key to it, so it could not compare it. Opened in this browser, it is compared with the registered digest.": "平台没有密钥，无法比对。在本浏览器中打开时，会与登记的哈希值比对。",
    "It was opened and saved. It is the registered file: its SHA-256 is the same.": "已打开并保存。这是所登记的文件：SHA-256 一致。",
    "It was opened and saved. It is not the registered file: its SHA-256 is another.": "已打开并保存。这不是所登记的文件：SHA-256 不同。",
    "An archive (tar) of the folder. Unpack it, and check it with the package:": "文件夹的归档（tar）。解开后请用存证包核验：",
    "Download the copy": "下载副本",
    "A stored copy of the file stays among your documents; erase it there.": "托管的副本仍在您的“文件”中，请在那里删除。",
    "Copy of what is registered as": "所登记存证的副本",
}
