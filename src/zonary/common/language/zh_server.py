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
    "Another sequencer moved the log “{origin}” on from {size}. Only one may run.": "另一个定序进程已将日志“{origin}”从 {size} 个条目向前推进。同一时间只能运行一个定序进程。",
    "The database has no leaf for index {index} of the log, though it has counted it. Restore the database from a backup that is not older than the published checkpoint.": "数据库已将索引 {index} 计入日志，却没有对应的日志叶。请用不早于已发布检查点的备份恢复数据库。",
    "Another process replaced the checkpoint in {directory}. Only one server may use it.": "另一个进程替换了 {directory} 中的检查点。该目录只能由一台服务器使用。",
    "The log has not published this entry yet. Ask again in a moment.": "日志尚未发布该条目。请稍后再试。",
    # foundation.ledger.storage, kept, rollback
    "{path} has {size} bytes; nothing a log publishes has more than {limit}.": "{path} 有 {size} 字节；日志发布的任何内容都不超过 {limit} 字节。",
    "The object store {address} refuses access to {path}. See that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are right and may read, write, list and delete there, and that the clock is right.": "对象存储 {address} 拒绝访问 {path}。请确认 AWS_ACCESS_KEY_ID 与 AWS_SECRET_ACCESS_KEY 正确，且在该处有读取、写入、列举和删除的权限，并确认本机时钟准确。",
    "There is no bucket at {address}. Create it, or correct the address or the region.": "{address} 处没有存储桶。请创建该存储桶，或更正地址或区域。",
    "The object store {address} fails at {path}: {reason} See that it runs and can be reached; nothing is lost meanwhile.": "对象存储 {address} 未能处理 {path}：{reason}请确认它正在运行且可以连通；其间不会丢失任何内容。",
    "it does not give back what it said it had stored.": "它没有返回它声称已存储的内容。",
    "it refuses to replace the very object it shows.": "它拒绝替换它自己给出的那个对象。",
    "it answers with status {status} {code}.": "它返回状态码 {status} {code}。",
    "it does not answer in time.": "它未在限定时间内应答。",
    "the connection fails.": "连接失败。",
    "The object store {address} has only now stored a checkpoint of this server's that it had not answered for. It is taken as the present one.": "对象存储 {address} 刚刚才存入本服务器此前发出、却一直未得到答复的检查点。现以该检查点为准。",
    "“{address}” is no place for a log. Name a directory, or s3://bucket/prefix.": "“{address}”不是可以存放日志的位置。请指定一个目录，或 s3://存储桶/前缀。",
    "“{address}” names no bucket and prefix: small letters, digits, dots and hyphens for the bucket, then names with slashes between them.": "“{address}”未指明存储桶和前缀：存储桶名由小写字母、数字、点和连字符组成，其后是以斜杠分隔的各级名称。",
    "AWS_REGION is no name of a region: “{region}”.": "AWS_REGION 不是有效的区域名：“{region}”。",
    "ZONARY_S3_ENDPOINT is “{endpoint}”; it has to be like https://s3.example.org or http://127.0.0.1:9000.": "ZONARY_S3_ENDPOINT 的值是“{endpoint}”；应形如 https://s3.example.org 或 http://127.0.0.1:9000。",
    "{name} is not set, or is not one line without spaces around it.": "{name} 未设置，或其值不是首尾无空格的一行。",
    "ZONARY_S3_CA names {path}, which cannot be read: {reason}.": "ZONARY_S3_CA 指定的 {path} 无法读取：{reason}。",
    "{path} holds another checkpoint of {size} entries.": "{path} 中存有 {size} 个条目处的另一个检查点。",
    "The last checkpoint of the log “{origin}” kept on this machine has {kept} entries, but the database has only {size}: an older backup was put back. Restore a newer one, or start a successor log; nothing is signed until then.": "本机所留存的日志“{origin}”的最后一个检查点有 {kept} 个条目，而数据库中只有 {size} 个：放回的是较旧的备份。请恢复较新的备份，或另启后继日志；在此之前不会再签署任何内容。",
    "The last checkpoint of the log “{origin}” kept on this machine, with {kept} entries, is no beginning of the log in the database: that has another history. Restore the backup it belongs to, or start a successor log; nothing is signed until then.": "本机所留存的日志“{origin}”的最后一个检查点（{kept} 个条目）不是数据库中日志的开头部分：数据库中的历史与之不同。请恢复该检查点所属的备份，或另启后继日志；在此之前不会再签署任何内容。",
    "The published tiles of “{origin}” do not show whether the log goes on from the checkpoint of {kept} entries kept on this machine: {reason} Move the published log away and start again; it is then written anew from the database.": "“{origin}”已发布的瓦片无法表明日志是否延续了本机留存的 {kept} 个条目处的检查点：{reason}请将已发布的日志移走后重新启动；系统会依据数据库重新写出日志。",
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
}
