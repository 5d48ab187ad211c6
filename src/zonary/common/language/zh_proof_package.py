"""Chinese of the sentences of zonary.proof.package: container, layers and their verdicts."""

from __future__ import annotations

PROOF_PACKAGE: dict[str, str] = {
    # build
    "This package is already a disclosure; disclose from the whole package.": "该存证包本身已是披露包；请从完整的存证包进行披露。",
    # container
    "The package has {size} bytes; at most {limit} are read.": "存证包有 {size} 字节，超过可读取的上限 {limit} 字节。",
    "The package is not a readable zip file: it is damaged or cut short.": "存证包不是可读取的 zip 文件：文件已损坏或不完整。",
    "The package has more than {limit} members.": "存证包内的成员文件超过 {limit} 个。",
    "The package holds a member whose name is not a plain relative path.": "存证包内有成员文件的名称不是普通的相对路径。",
    "The package holds a member twice.": "存证包内有重复的成员文件。",
    "The package has no member “{name}”.": "存证包内缺少成员文件“{name}”。",
    "The member “{name}” of the package is encrypted or packed in an unusual way.": "存证包的成员文件“{name}”经过加密，或使用了不支持的压缩方式。",
    "The member “{name}” of the package would unpack to {size} bytes; that is refused.": "存证包的成员文件“{name}”解压后将达 {size} 字节，已拒绝解压。",
    "The member “{name}” of the package is damaged.": "存证包的成员文件“{name}”已损坏。",
    "The member “{name}” of the package is not as long as it says.": "存证包的成员文件“{name}”实际长度与其标明的不符。",
    "The file is not a Zonary package: it does not begin with the ASiC-E media type.": "该文件不是 Zonary 存证包：开头不是 ASiC-E 媒体类型。",
    # files
    "“{name}” is not what was sealed under that name.": "“{name}”与以该名称存证的内容不一致。",
    "“{name}” was sealed, but is not here.": "“{name}”已存证，但此处没有该文件。",
    "“{name}” is not among the sealed files.": "“{name}”不在已存证的文件之中。",
    "“{name}” has the content that was sealed as “{sealed}”.": "“{name}”的内容即以“{sealed}”为名存证的内容。",
    "{count} differences from what was sealed: {changed} changed, {missing} missing, {foreign} not sealed.": "与存证内容有 {count} 处不同：{changed} 项已改变，{missing} 项缺失，{foreign} 项未存证。",
    "None of the files given is in this package.": "给出的文件均不在此存证包的存证范围内。",
    "{compared} of {total} sealed files were compared; each is byte for byte what was sealed.": "已比对 {total} 项存证文件中的 {compared} 项，均与存证时逐字节一致。",
    "… and {count} more.": "……另有 {count} 项。",
    # timestamps
    "META-INF/ASiCManifest.xml does not list this statement by its SHA-256.": "META-INF/ASiCManifest.xml 所列的 SHA-256 不是这份声明的。",
    "The package must hold exactly one timestamp/*.tsr; it holds {count}.": "存证包内应恰有一个 timestamp/*.tsr，实有 {count} 个。",
    "A timestamp token uses the hash “{name}”, unknown here.": "有一个时间戳令牌使用了本版本不识别的哈希算法“{name}”。",
    "timestamp/ca.pem must hold between 1 and {limit} certificates.": "timestamp/ca.pem 应含 1 至 {limit} 份证书。",
    "A certificate in timestamp/ca.pem is not base64.": "timestamp/ca.pem 中有一份证书不是 base64 编码。",
    "{time}: {covers} ({member})": "{time}：覆盖“{covers}”（{member}）",
    "The authority is a development authority: its time is only as good as this operator's word, until a real authority is configured.": "该机构是开发用时间戳机构：在配置正式的时间戳机构之前，其时间仅代表运营方自己的说法。",
    "The timestamps are consistent, but you have not said that you trust their authority ({authority}). Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.": "时间戳内容一致，但您尚未表明信任其时间戳机构（{authority}）。请向运营方索取信任文件，用 --trust 指定，或用“zonary trust add”添加。",
    "Both timestamps are right; the authority you trust is {authority}.": "两个时间戳均正确；签发机构是您所信任的 {authority}。",
    # verify
    "The package does not verify: {reason}": "存证包核验不通过：{reason}",
    "No file was given, so none was compared. Name the sealed files to compare them.": "未给出文件，因此没有比对。请指明已存证的文件，以便比对。",
    "This release does not know “{name}”.": "本版本不识别“{name}”。",
    "The package must hold either manifest.jsonl or disclosure.json, and not both.": "存证包内应有 manifest.jsonl 或 disclosure.json 之一，且不得二者并存。",
    "The disclosed leaves stand in the manifest that the statement names; nothing else of it is shown.": "所披露的叶确在声明所指的清单之中；清单的其他内容不予显示。",
    "The manifest is not the one the statement names: a line was changed, or swapped.": "清单不是声明所指的那一份：有行被改动或调换。",
    "The manifest ({count} entries) is the one the statement names, by SHA-256 and by SM3.": "清单（{count} 项）正是声明所指的那一份，SHA-256 和 SM3 均相符。",
    "The log proof does not belong to this statement: the statement was changed, or the proof is another's.": "日志证明不属于这份声明：声明已被改动，或证明属于另一份声明。",
    "The log holds this as a leaf of class “{found}”, not of class “evidence”.": "日志中的这个叶属于“{found}”类，而不是“evidence”类。",
    "The checkpoint names the log “{origin}”, but carries no signature by the key you trust for that log.": "检查点自称属于日志“{origin}”，却没有您为该日志所信任的密钥的签名。",
    "The log's signature is right, but too few of the witnesses your trust file asks for have cosigned.": "日志的签名正确，但联署的见证方未达到您的信任文件所要求的数量。",
    "The checkpoint is signed by a key you trust for the log “{origin}” ({count} witnesses cosigned).": "检查点由您为日志“{origin}”所信任的密钥签署（{count} 个见证方已联署）。",
    "The checkpoint is signed by the key the package brings along for “{origin}”, which you have not said you trust. Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.": "检查点由存证包自带的“{origin}”密钥签署，而您尚未表明信任该密钥。请向运营方索取信任文件，用 --trust 指定，或用“zonary trust add”添加。",
    "log/log.vkey is not UTF-8 text.": "log/log.vkey 不是 UTF-8 文本。",
    "log/log.vkey holds more than {limit} keys.": "log/log.vkey 中的密钥超过 {limit} 个。",
    "The files were not compared, because the manifest is not known to be the sealed one.": "未比对文件，因为无法确认该清单就是存证时的清单。",
    "The statement stands at index {index} of the log “{origin}” (leaf class “evidence”, {size} entries).": "声明位于日志“{origin}”的索引 {index} 处（叶的类别为“evidence”，共 {size} 条）。",
    "the file": "该文件",
}
