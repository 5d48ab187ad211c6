"""Chinese of the sentences of the server (see :mod:`zonary.common.language`)."""

from __future__ import annotations

SERVER: dict[str, str] = {
    # foundation.ledger
    "{path} is missing, though the timestamp authority has been in use. Put it back from a backup; or move all tsa* files of the data directory and of its keys away, and a new authority is made.": "时间戳机构已启用过，但缺少 {path}。请从备份中恢复该文件；或将数据目录及其密钥目录中的全部 tsa* 文件移走，系统会另建一个新的时间戳机构。",
    "The entry {public_id} does not exist, or its body was erased before.": "条目 {public_id} 不存在，或其内容此前已被删除。",
    "This log is called “{name}” and keeps that name; “{origin}” would be another log. Start without --origin, or with another --data directory.": "本日志名为“{name}”，名称不可更改；“{origin}”属于另一个日志。请去掉 --origin 启动，或用 --data 另选数据目录。",
    "{path} is a key of “{other}”, not of “{name}”. Put the right key back.": "{path} 是“{other}”的密钥，不是“{name}”的。请放回正确的密钥。",
    "{path} cannot be read as a signing key: {reason} Put the key back from a backup; the log cannot go on without it.": "无法将 {path} 作为签名私钥读取：{reason} 请从备份中恢复该密钥；没有它，日志无法继续。",
    "The log “{origin}” was published with {published} entries, but the database has only {size}: an older database was put back. Restore a newer one; nothing is signed until then.": "日志“{origin}”已发布 {published} 个条目，而数据库中只有 {size} 个：放回的是较旧的数据库。请恢复较新的数据库；在此之前不会再签署任何内容。",
    "The log “{origin}” was published with another history than the database has at {size} entries. Restore the database it was published from; nothing is signed until then.": "日志“{origin}”在 {size} 个条目处，已发布的历史与数据库中的不一致。请恢复当初据以发布的数据库；在此之前不会再签署任何内容。",
    "The database holds the log “{origin}”, but the signing key is of “{name}”. Put the right key back.": "数据库中的日志是“{origin}”，而签名私钥属于“{name}”。请放回正确的密钥。",
    "The published checkpoint is not one of this log: {reason} If it does not belong here, move the published log away and start again; it is then written anew from the database.": "已发布的检查点不是本日志的检查点：{reason} 如果它本不属于这里，请将已发布的日志移走后重新启动；系统会依据数据库重新写出日志。",
    "The leaves in the database do not lead to the checkpoint of “{origin}” at {size} that stands beside them. Restore the database from a backup that is not older than the published checkpoint.": "数据库中的日志叶推算不出同一数据库所存的“{origin}”在 {size} 个条目处的检查点。请用不早于已发布检查点的备份恢复数据库。",
    "The database has no leaf for index {index} of the log, though it has counted it. Restore the database from a backup that is not older than the published checkpoint.": "数据库已将索引 {index} 计入日志，却没有对应的日志叶。请用不早于已发布检查点的备份恢复数据库。",
    "Another process replaced the checkpoint in {directory}. Only one server may use it.": "另一个进程替换了 {directory} 中的检查点。该目录只能由一台服务器使用。",
    "The log has not published this entry yet. Ask again in a moment.": "日志尚未发布该条目。请稍后再试。",
    # services.evidence
    "The idempotency key “{key}” was used before for something else.": "幂等键“{key}”此前已用于其他内容。",
    "There is no record {public_id} of yours.": "您名下没有记录 {public_id}。",
    # config
    "The log in {path} exists, but its signing key {key} is missing. Put the key back from a backup; without it the log cannot go on.": "{path} 中的日志存在，但缺少其签名私钥 {key}。请从备份中恢复该密钥；没有它，日志无法继续。",
    "The log cannot be called “{name}”: {reason}": "日志不能命名为“{name}”：{reason}",
    "{path} holds no access token: one line of 20 to 256 characters without spaces. Remove the file, and a new one is made.": "{path} 中没有访问令牌：令牌应为一行 20 至 256 个字符且不含空格。请删除该文件，系统会另建一个。",
    # cli.serve
    "{path} is open to other users (mode {mode}) and holds other things than a server's data. Name another directory with --data, or type: chmod 700 {path}": "{path} 对其他用户开放（权限 {mode}），且其中存有服务器数据以外的内容。请用 --data 另选目录，或执行：chmod 700 {path}",
    "{path} is open to other users (mode {mode}) and is not yours to change. Have its owner type: chmod 700 {path}": "{path} 对其他用户开放（权限 {mode}），而您无权更改。请让其所有者执行：chmod 700 {path}",
    "{path} was open to other users (mode {mode}); now it is yours alone.": "{path} 原先对其他用户开放（权限 {mode}），现已改为仅您本人可访问。",
    "ZONARY_DATABASE_URL is not the address of a PostgreSQL database; write postgresql://user:password@host:5432/name.": "ZONARY_DATABASE_URL 不是 PostgreSQL 数据库的地址；请写成 postgresql://用户:密码@主机:5432/库名。",
    "ZONARY_DATABASE_URL has the unknown option “{name}”; these are known: {known}.": "ZONARY_DATABASE_URL 中的选项“{name}”无法识别；可用的有：{known}。",
    "Another server leads the log “{name}” now; this one stands by.": "日志“{name}”现由另一台服务器主持；本服务器转为待命。",
    "A row of the database does not hold the {count} items it says it does. Restore the database from a backup that is not older than the published checkpoint.": "数据库中有一行并不包含其所称的 {count} 项内容。请用不早于已公布检查点的备份恢复数据库。",
}
