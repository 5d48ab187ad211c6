"""Every setting there is: what it means, what holds without it, and whether it is a secret.

Each can be given in the environment by its name, or in the file that ``ZONARY_CONFIG`` names, in small letters and
without ``ZONARY_`` (zonary.config.configuration). The reference page in docs/operate is made of this list; a test
compares them, and the names with those the code asks for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """``meaning``: in English and Chinese. ``default``: what holds without it, empty for nothing."""

    name: str
    meaning: tuple[str, str]
    default: str = ""
    is_secret: bool = False

    @property
    def key(self) -> str:
        """Its name in the file."""
        return self.name.removeprefix("ZONARY_").lower()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "ZONARY_URL",
        (
            "how users reach the server: stands in links, in the trust file, and is what users pin",
            "用户访问服务器的地址：写入链接和信任文件，也是用户所固定的",
        ),
        "http://127.0.0.1:8000",
    ),
    Setting(
        "ZONARY_LOG_ORIGIN",
        ("name of the log, at first start only", "日志名称，仅在首次启动时有效"),
        "random",
    ),
    Setting(
        "ZONARY_DATABASE_URL",
        (
            "`postgresql://user:password@host:port/name` instead of the file in the data directory",
            "`postgresql://用户:密码@主机:端口/库名`，用以代替数据目录中的数据库文件",
        ),
        is_secret=True,
    ),
    Setting(
        "ZONARY_POSTGRESQL_PROGRAMS",
        ("folder of `pg_dump` and `pg_restore`, for backups", "`pg_dump` 与 `pg_restore` 所在文件夹，备份时使用"),
        "newest found",
    ),
    Setting(
        "ZONARY_STORE",
        (
            "where the logs are published: a directory, or `s3://bucket/prefix`",
            "日志发布到何处：目录，或 `s3://存储桶/前缀`",
        ),
        "data directory",
    ),
    Setting(
        "ZONARY_DOCUMENT_STORE",
        (
            "where documents lie: a directory, or `s3://bucket/prefix` that nobody else can read",
            "文件存放在何处：目录，或他人不可读的 `s3://存储桶/前缀`",
        ),
        "data directory",
    ),
    Setting(
        "ZONARY_DOCUMENT_QUOTA", ("gigabytes an organisation or person may keep", "每个单位或个人可存的 GB 数"), "100"
    ),
    Setting(
        "ZONARY_ESCROW_RECIPIENT",
        (
            "public key of age that holders may open encrypted documents to as well",
            "持有人可选择让加密文件也能由其解开的 age 公钥",
        ),
    ),
    Setting(
        "ZONARY_FRAMES",
        ("portals that may show pages of this zone in a frame", "可在框架中显示本片区页面的门户"),
    ),
    Setting(
        "ZONARY_KEPT",
        ("where the last checkpoints are kept, outside the data directory", "最后的检查点另存于何处，须在数据目录之外"),
        "~/.local/state/zonary/checkpoints",
    ),
    Setting(
        "ZONARY_LOG_DAYS",
        (
            "days for which the server's own log is kept; 0: none is written",
            "服务器自身日志保存的天数；0：不写日志文件",
        ),
        "184",
    ),
    Setting(
        "ZONARY_LOG_FORMAT",
        ("what goes to standard error: `text`, or `json` lines", "标准错误的格式：`text`，或逐行的 `json`"),
        "text",
    ),
    Setting(
        "ZONARY_PKCS11_MODULE",
        (
            "a PKCS#11 module (file `.so`): new keys of the log and the timestamp authority are made in it",
            "PKCS#11 模块（`.so` 文件）：日志和时间戳机构的新密钥在其中生成",
        ),
    ),
    Setting("ZONARY_PKCS11_TOKEN", ("label of the token in it", "模块中令牌的标签")),
    Setting("ZONARY_PKCS11_PIN_FILE", ("file with its pin", "令牌 PIN 所在文件")),
    Setting(
        "ZONARY_PKCS11_PIN", ("the pin itself, where there can be no file", "PIN 本身，无法使用文件时"), is_secret=True
    ),
    Setting(
        "ZONARY_S3_ENDPOINT", ("address of the object store, when it is not Amazon's", "对象存储的地址（非亚马逊时）")
    ),
    Setting("ZONARY_S3_VIRTUAL_HOST", ("`1`: the bucket stands in the host name", "`1`：存储桶写在主机名中"), "0"),
    Setting(
        "ZONARY_S3_CA", ("file with the certificate of the store's private authority", "对象存储私有证书机构的证书文件")
    ),
    Setting("AWS_ACCESS_KEY_ID", ("who asks the object store", "访问对象存储的账号")),
    Setting("AWS_SECRET_ACCESS_KEY", ("the secret that belongs to it", "与该账号对应的密钥"), is_secret=True),
    Setting("AWS_SESSION_TOKEN", ("where that secret is temporary", "密钥为临时密钥时使用"), is_secret=True),
    Setting("AWS_REGION", ("region of the object store", "对象存储所在区域"), "us-east-1"),
    Setting(
        "ZONARY_CLOCK_SOURCES",
        (
            "time sources (SNTP, `host` or `host:port`), separated by commas, that the clock is compared with",
            "用于比对时钟的时间源（SNTP，`主机` 或 `主机:端口`），以逗号分隔",
        ),
    ),
    Setting(
        "ZONARY_CLOCK_BOUND",
        (
            "milliseconds by which the clock may be off before no timestamp is signed, 10 to 1000",
            "时钟允许的偏差（毫秒，10 至 1000），超出则停止签发时间戳",
        ),
        "500",
    ),
    Setting("ZONARY_CLOCK_INTERVAL", ("seconds between two comparisons", "两次比对之间的秒数"), "64"),
    Setting(
        "ZONARY_TIMESTAMPS_FILE",
        (
            "TOML file of timestamp authorities (RFC 3161) beside or instead of the built-in one",
            "内置时间戳机构之外（或代替它）的 RFC 3161 时间戳机构，TOML 文件",
        ),
    ),
    Setting(
        "ZONARY_TIMESTAMPS_REQUIRED",
        (
            "of how many operators one has to have signed before a record counts as timestamped",
            "其中须有几家运营方的机构签发，存证才算已加盖时间戳",
        ),
        "1",
    ),
    Setting(
        "ZONARY_EMAIL_URL",
        (
            "mail server: `smtp://user@mail.example:587/?tls=1`; without it mails are files in `mail/`",
            "邮件服务器：`smtp://用户@mail.example:587/?tls=1`；不设置则邮件以文件形式写入 `mail/`",
        ),
        is_secret=True,
    ),
    Setting("ZONARY_EMAIL_PASSWORD_FILE", ("file with its password", "其密码所在文件")),
    Setting("ZONARY_EMAIL_FROM", ("sender of mails", "邮件发件人"), "zonary@ and the host of the URL"),
    Setting(
        "ZONARY_OIDC_FILE", ("JSON file of identity providers for single sign-on", "单点登录身份提供方的 JSON 文件")
    ),
    Setting(
        "ZONARY_WEBHOOK_HOSTS",
        (
            "`host:port`, separated by commas, that webhooks may be posted to though they are inside",
            "以逗号分隔的 `主机:端口`，虽在内网也允许向其推送",
        ),
    ),
    Setting(
        "ZONARY_WEBHOOK_CA",
        ("certificates that webhooks trust beside the system's", "推送时除系统证书外另行信任的证书"),
    ),
    Setting("ZONARY_CAPTURE", ("`1`: web pages are opened and captured here", "`1`：在本机打开网页并取证"), "0"),
    Setting(
        "ZONARY_CAPTURE_HOSTS",
        (
            "`host:port`, separated by commas, that may be captured though they are inside",
            "以逗号分隔的 `主机:端口`，虽在内网也允许取证",
        ),
    ),
    Setting("ZONARY_CAPTURE_CHROMIUM", ("the browser's program", "浏览器程序"), "found by itself"),
    Setting(
        "ZONARY_CAPTURE_SANDBOX",
        ("`0`: the machine has no sandbox to give the browser", "`0`：机器无法为浏览器提供沙箱"),
        "1",
    ),
    Setting(
        "ZONARY_MESSENGER_URL",
        (
            "gateway to SMS or 企业微信 that messages are posted to, signed",
            "短信或企业微信网关的地址，消息签名后推送至此",
        ),
    ),
    Setting("ZONARY_MESSENGER_SECRET_FILE", ("file with the secret both know", "双方共有密钥所在文件")),
    Setting("ZONARY_FRAMES", ("which sites may frame which pages", "哪些网站可嵌入哪些页面")),
    Setting(
        "ZONARY_BATCH",
        (
            "`minutes/leaves`, such as `15/32`: the log is published in round numbers at fixed times; 0: at once",
            "`分钟/叶子数`，如 `15/32`：日志定时、按整数批次发布；0 为立即发布",
        ),
        "0",
    ),
    Setting(
        "ZONARY_RATE_PERSON",
        (
            "requests to the API of one person: a second, at once; 0: no limit",
            "每人对接口的请求：每秒数/瞬时数；0 为不限",
        ),
        "20/200",
    ),
    Setting("ZONARY_RATE_ADDRESS", ("the same of one client address", "每个客户端地址的同类限制"), "50/500"),
    Setting(
        "ZONARY_RATE_TRIES",
        ("forms to sign in, register or set a password, from one address", "每个地址提交登录、注册、设密码表单的限制"),
        "1/60",
    ),
    Setting(
        "ZONARY_TRUSTED_PROXIES",
        (
            "networks of proxies whose `X-Forwarded-For` is believed, separated by commas",
            "其 `X-Forwarded-For` 可信的代理网段，以逗号分隔",
        ),
    ),
    Setting(
        "ZONARY_RETENTION_DAYS",
        (
            "days for which what is known of a person is kept after they closed their account",
            "个人注销账号后，其信息再保留的天数",
        ),
        "184",
    ),
    Setting(
        "ZONARY_OPERATOR",
        (
            "who runs this zone's server, as certificates name them; without it the zone's authority, as founded",
            "存证证书所载的运营方名称；不填则为设立片区时登记的管理机构",
        ),
    ),
    Setting(
        "ZONARY_OPERATOR_RELATION",
        ("the operator's relation to the parties, in its own words", "运营方与当事人的关系（自述）"),
    ),
    Setting(
        "ZONARY_OPERATOR_SYSTEM",
        ("what the operator states of its systems' soundness", "运营方对信息系统安全可靠的自述"),
    ),
    Setting(
        "ZONARY_FILING_BLOCKCHAIN",
        ("number of the blockchain information service filing", "区块链信息服务备案编号"),
    ),
    Setting("ZONARY_FILING_PROTECTION", ("filing of classified protection", "网络安全等级保护备案证明编号")),
    Setting(
        "ZONARY_FILING_CRYPTOGRAPHY",
        ("assessment of commercial cryptography", "商用密码应用安全性评估情况"),
    ),
    Setting(
        "ZONARY_CERTIFICATES_PER_DAY",
        (
            "evidence certificates that one organisation or person is issued in a day; `0` for none",
            "每个单位或个人每天可签发的存证证书份数；`0` 为不签发",
        ),
        "2000",
    ),
    Setting(
        "ZONARY_PROMISE_WORKDAYS",
        (
            "working days, 1 to 250, within which an enterprise's promise (承诺) is looked at; no source gives a "
            "number, so settle one for your zone",
            "承诺的核查期限（工作日，1 至 250）；没有统一规定的天数，请由片区确定",
        ),
        "60",
    ),
    Setting(
        "ZONARY_PROMISE_BASIS",
        (
            "the rule that sets this term, such as the number of your measures; stands with every deadline",
            "规定该期限的依据，例如本片区办法的文号；载于每一项期限",
        ),
        "片区设定；国办发〔2020〕42号要求明确核查时间，未规定天数",
    ),
    Setting(
        "ZONARY_OPEN_LOG",
        (
            "`1`: the open log for load tools; whoever reaches the server can write to it",
            "`1`：开启供压测工具使用的开放日志；能访问服务器者均可写入",
        ),
        "0",
    ),
    Setting(
        "ZONARY_SECOND_TREE",
        (
            "`1`: beside the log a second tree over the same leaves, in SM3 and signed with SM2; needs OpenSSL 3",
            "`1`：在日志之外，以 SM3 对同一批叶另建一棵树并以 SM2 签名；须有支持 SM2 的 OpenSSL",
        ),
        "0",
    ),
    Setting(
        "ZONARY_DEMO",
        (
            "`1`: a demonstration, which says so on every page and waives the second factor",
            "`1`：演示，每页均有提示，并免去第二因素",
        ),
        "0",
    ),
    Setting(
        "ZONARY_LANG", ("`zh` or `en`: language of what the program prints", "`zh` 或 `en`：程序输出所用语言"), "locale"
    ),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}
