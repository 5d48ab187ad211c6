"""Chinese of what is said of further timestamp authorities: their settings, what goes wrong, the watch over the clock."""

from __future__ import annotations

TIMESTAMPS: dict[str, str] = {
    # asking
    "It refused: {reason}": "对方拒绝：{reason}",
    "What it answered is no timestamp: {reason}": "对方的应答不是时间戳：{reason}",
    "Its token does not hold: {reason}": "其时间戳令牌不成立：{reason}",
    "Its token is for something else: {reason}": "其时间戳令牌不对应所请求的内容：{reason}",
    "Its clock shows {theirs}, ours {ours}. One of the two is wrong.": "对方时钟为 {theirs}，本机为 {ours}，其一有误。",
    "Its address is inside this network. If it may be, say so in the settings: inside = true.": "其地址在内网。若确应如此，请在设置中写明：inside = true。",
    "Its host's name cannot be resolved.": "其主机名无法解析。",
    "Its TLS certificate is not one of this host that is trusted here.": "其 TLS 证书不是本机信任的该主机证书。",
    "It did not answer in time.": "对方未及时应答。",
    "It cannot be reached: {reason}.": "无法连接对方：{reason}。",
    "What it answered is no HTTP.": "对方的应答不是 HTTP。",
    "It sends us elsewhere (HTTP {status}); put its own address into the settings.": "对方要求转往他处（HTTP {status}）；请在设置中填写其自身地址。",
    "It does not accept our user and password (HTTP {status}).": "对方不接受我方的用户名和密码（HTTP {status}）。",
    "It answered HTTP {status}.": "对方应答 HTTP {status}。",
    "It answered with another content type than {expected}.": "对方应答的内容类型不是 {expected}。",
    "It answered more than {limit} bytes; that is no timestamp.": "对方应答超过 {limit} 字节，不是时间戳。",
    # settings
    "ZONARY_TIMESTAMPS_REQUIRED is {text}, but has to be a number from 1 to {count}: so many timestamp authorities are configured.": "ZONARY_TIMESTAMPS_REQUIRED 为 {text}，应为 1 至 {count} 的数字：所配置的时间戳机构共 {count} 家。",
    "ZONARY_TIMESTAMPS_FILE names {path}, which cannot be read: {reason}.": "ZONARY_TIMESTAMPS_FILE 所指的 {path} 无法读取：{reason}。",
    "{path} has to hold tables called [[authority]] and nothing else, at least 1 and at most {limit}.": "{path} 只应含名为 [[authority]] 的表，1 至 {limit} 个。",
    "{path} gives two authorities the same name.": "{path} 中有两家机构同名。",
    "An authority in {path} has no name of 1 to 40 small letters, digits and hyphens.": "{path} 中有一家机构没有合格的名称（1 至 40 个小写字母、数字或连字符）。",
    "The authority “{name}” in {path} has “{key}”, which is not known.": "{path} 中机构“{name}”含有未知的“{key}”。",
    "The authority “{name}” in {path}: {reason}": "{path} 中机构“{name}”：{reason}",
    "“local” has to be one of: {kinds}; and nothing else stands beside it.": "“local”应为以下之一：{kinds}；且不得再写其他内容。",
    "“inside” has to be true or false.": "“inside”应为 true 或 false。",
    "“policy” is no object identifier.": "“policy”不是对象标识符。",
    "“{key}” has to be a text.": "“{key}”应为文本。",
    "“url” has to be an address such as https://tsa.example/tsr, without a user in it.": "“url”应为 https://tsa.example/tsr 之类的地址，且不含用户名。",
    "“roots” has to list files with the certificates that its tokens must lead to.": "“roots”应列出证书文件，其时间戳须能追溯到这些证书。",
    "{path} holds no certificates that can be read: {reason}": "{path} 中没有可读取的证书：{reason}",
    "there is no file {path}.": "没有文件 {path}。",
    "“user” and “password_file” belong together.": "“user”与“password_file”须同时填写。",
    "a password is sent over https alone.": "密码只能经 https 发送。",
    "{path} cannot be read: {reason}.": "{path} 无法读取：{reason}。",
    "{path} holds no password, or the name of the user has a colon in it.": "{path} 中没有密码，或用户名含有冒号。",
    "The package is not there yet": "存证包尚未就绪",
    # doctor
    "timestamps": "时间戳",
    "timestamps of other authorities": "向其他机构请求时间戳",
}
