"""Chinese of the sentences about settings and connections (see :mod:`zonary.common.language`)."""

from __future__ import annotations

OPERATIONS: dict[str, str] = {
    # config.configuration
    "ZONARY_CONFIG names {path}, which cannot be read: {reason}.": "ZONARY_CONFIG 所指的 {path} 无法读取：{reason}。",
    "{path} is no TOML: {reason}": "{path} 不是 TOML 文件：{reason}",
    "{path} is larger than a file of settings can be.": "{path} 超过了设置文件可能的大小。",
    "{path} holds the secret “{name}”, and others may read it. Type: chmod 600 {path}": "{path} 中有机密“{name}”，而他人可读。请输入：chmod 600 {path}",
    "“{name}” in {path} has to be a text, a whole number, true or false, or a list of texts.": "{path} 中的“{name}”须为文本、整数、true 或 false，或文本列表。",
    "{path} holds “{name}”, which is no setting; did you mean “{nearest}”?": "{path} 中的“{name}”不是已知的设置项；是否应为“{nearest}”？",
    "{path} holds “{name}”, which is no setting.": "{path} 中的“{name}”不是已知的设置项。",
    # foundation.ledger.module_keys
    "Every key that signs lies in a file that only its owner reads, none behind PKCS#11.": "签名所用密钥均在仅其所有者可读的文件中，没有放在 PKCS#11 模块中的。",
    "Of {count} keys that sign, {inside} lie behind PKCS#11, the others in files.": "签名所用的 {count} 个密钥中，{inside} 个在 PKCS#11 模块中，其余在文件中。",
    "This names no key of a PKCS#11 module.": "此处没有指明 PKCS#11 模块中的密钥。",
    "The PKCS#11 module holds no key of this id. See that {token} names the token the key was made in.": "PKCS#11 模块中没有此编号的密钥。请确认 {token} 所指的是生成该密钥的令牌。",
    "Keys behind PKCS#11 need one more package. Type: pip install 'zonary[web,pkcs11]'": "使用 PKCS#11 中的密钥还需要一个软件包。请输入：pip install 'zonary[web,pkcs11]'",
    "A key of this log lies behind PKCS#11: {module} has to name the module (a file .so) and {token} the token in it.": "本日志的密钥在 PKCS#11 中：{module} 须指明模块（.so 文件），{token} 须指明其中的令牌。",
    "{path} cannot be used as a PKCS#11 module. See {name}.": "{path} 不能用作 PKCS#11 模块。请检查 {name}。",
    "The PKCS#11 module has no token “{label}”. See {name}.": "PKCS#11 模块中没有令牌“{label}”。请检查 {name}。",
    "The token “{label}” refuses the pin. See {name}.": "令牌“{label}”拒绝了 PIN。请检查 {name}。",
    "The pin of the PKCS#11 token is missing: a file with it in {name}.": "缺少 PKCS#11 令牌的 PIN：请在 {name} 中指定存有 PIN 的文件。",
    "{name} names {path}, which cannot be read: {reason}.": "{name} 所指的 {path} 无法读取：{reason}。",
    "The PKCS#11 module refused: {reason}.": "PKCS#11 模块拒绝了操作：{reason}。",
    # config.outward
    "capturing the web pages people name": "对用户所指网页取证",
    "messages by SMS or 企业微信": "短信或企业微信消息",
    "the database, PostgreSQL": "PostgreSQL 数据库",
    "mail": "邮件",
    "the object store": "对象存储",
    "identity providers for single sign-on": "单点登录的身份提供方",
    "webhooks, to addresses that organisations chose": "向各单位所选地址的推送",
    "This server connects to other machines for {what}: {targets}.": "本服务器为{what}连接其他机器：{targets}。",
    "Switched off, so that nothing is connected to: {names}.": "以下均已关闭，不作任何连接：{names}。",
    "{first}; {others}": "{first}；{others}",
    "{name} in the environment is no setting.": "环境变量 {name} 不是已知的设置项。",
    "Is {nearest} meant?": "是否应为 {nearest}？",
    "Every setting in the environment is known.": "环境变量中的设置均为已知。",
    # cli.doctor
    "outward": "对外连接",
    "settings": "设置",
}
