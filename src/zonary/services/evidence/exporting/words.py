"""What is said here, in Chinese; the portal adds it to the catalogue when it starts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "You are about to hand evidence to somebody abroad. Please read this first. It is information and no legal advice: have a lawyer, yours or the zone’s, confirm it before you act.": "您即将把存证交给境外接收方，请先阅读以下内容。以下内容仅供参考，不构成法律意见；请先由您的律师或片区的律师确认，再作处理。",
    "Data Security Law of the People’s Republic of China (数据安全法), article 36: as it is understood here, nobody in China may provide data stored in China to a foreign judicial or law-enforcement body without the approval of the competent Chinese authority. To be confirmed against the official text.": "《中华人民共和国数据安全法》第三十六条：据本平台理解，非经中华人民共和国主管机关批准，境内的组织、个人不得向外国司法或者执法机构提供存储于境内的数据。（须对照官方文本确认）",
    "Provisions of the State Council on Handling Foreign-related Intellectual Property Disputes (国务院关于处理涉外知识产权纠纷的规定, 国令第801号, in force since 2025-05-01): as they are understood here, they regulate how evidence and related material is provided abroad in such disputes. To be confirmed against the official text.": "《国务院关于处理涉外知识产权纠纷的规定》（国令第801号，自2025年5月1日起施行）：据本平台理解，该规定对在此类纠纷中向境外提供证据及相关材料作了规范。（须对照官方文本确认）",
    "Other rules may apply, such as those on state secrets, trade secrets, personal information and technology that may not be exported.": "还可能适用其他规定，例如有关国家秘密、商业秘密、个人信息以及限制或禁止出口技术的规定。",
    "Nobody here has examined whether any of this applies to you, or whether an approval was given. The record is ready for examination, and nothing more: what a body abroad makes of it is for that body to decide.": "本平台未审查上述规定是否适用于您，也未审查是否已获批准。存证仅处于可供审查的状态；境外机构如何认定，由其自行决定。",
    "By accepting you say that you have read this, and that you see to the approvals that are needed yourself. That you accepted is put on record: who, when, for which record, for which kind of receiver, and the digest of this text. You need not accept: then it is not handed over this way, and everything else stays as it is.": "您接受本提示，即表示您已阅读上述内容，并自行办理所需的批准。您的接受将被记录：何人、何时、针对哪条存证、何类接收方，以及本文本的哈希值。您可以不接受：此时不会以此方式交出，其他一切照旧。",
    "Notice before evidence goes abroad": "证据出境提示",
    "Receiver": "接收方",
    "in mainland China": "在中国境内",
    "a foreign court, or judicial or law-enforcement body": "外国法院、司法或执法机构",
    "somebody else abroad": "境外其他接收方",
    "Who gets it": "接收方",
    "Where they are": "接收方所在",
    "Choose who it is": "请选择接收方",
    "For somebody abroad you read a notice first, and accept it.": "接收方在境外的，须先阅读并接受提示。",
    "SHA-256 of the notice": "提示文本的 SHA-256",
    "Version of the notice": "提示文本版本",
    "The notice before evidence goes abroad was accepted": "接受了证据出境提示",
    "Before this goes abroad the export notice has to be read and accepted. Its text and digest stand at /api/v1/evidence/export-notice; send the digest as export_notice.": "交往境外之前，须阅读并接受证据出境提示。提示文本及其哈希值见 /api/v1/evidence/export-notice；请将该哈希值作为 export_notice 一并提交。",
    "Read the notice below, and accept it if you want to go on. Nothing has been handed over yet.": "请阅读下方提示；如需继续，请接受该提示。目前尚未交出任何内容。",
    "There is no such kind of receiver.": "没有这种接收方类别。",
    "I have read this and accept it.": "我已阅读并接受本提示。",
    "Does the package go abroad? Read the export notice first.": "存证包要交往境外？请先阅读证据出境提示。",
    "Accepted: the export notice": "已接受证据出境提示",
    "The notice is accepted, and that is on record. You can take the package now.": "已接受提示并已记录。现在可以下载存证包。",
    "Accept": "接受",
    "Text of version {version}, SHA-256:": "文本版本 {version}，SHA-256：",
    "Accept it before you hand the package over. Who does not accept can still use everything else here.": "请在交出存证包之前接受本提示。不接受的，仍可使用此处的其他功能。",
}
