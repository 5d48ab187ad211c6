"""Chinese of the sentences of :mod:`zonary.engines.clauses.sql` (see :mod:`zonary.common.language`)."""

from __future__ import annotations

CLAUSES_SQL: dict[str, str] = {
    "“{name}” cannot be the name of a column or table.": "“{name}”不能作为列名或表名。",
    "The condition on {columns} may need more than 38 digits. Narrow its terms, or round its rate.": "关于 {columns} 的条件可能超过 38 位数字。请收窄其词项的取值范围，或减少比率的位数。",
    "The condition is nested more than {depth} deep. Split it into clauses.": "条件嵌套超过 {depth} 层。请拆分为若干条款。",
    "Of {total} rows only {keys} have a “{key}” of their own. An enterprise stands in one row.": "共 {total} 行，其中不重复的“{key}”只有 {keys} 个。一家企业只能占一行。",
    "In {rows} rows the column “{column}” has a value that it cannot have.": "有 {rows} 行的“{column}”列取值超出其允许范围。",
    "The table has no column “{column}”.": "表中没有“{column}”列。",
    "The column “{column}” is stored as {found}, and has to be {wanted}.": "“{column}”列的存储类型为 {found}，应为 {wanted}。",
    "There is no file “{path}”.": "文件“{path}”不存在。",
    "DuckDB takes *, ?, [ and ] in “{path}” for patterns. Rename the file.": "“{path}”中的 *、?、[ 和 ] 会被 DuckDB 当作通配符。请重命名该文件。",
    "DuckDB could not do it: {reason}": "DuckDB 未能执行：{reason}",
    "Nothing is asked.": "没有要查询的内容。",
    "The statement calls a step of its own “{name}”: give the table another name.": "语句自身的一个步骤名为“{name}”，请为该表另取名称。",
    "A table is named by one to three names, not by {count}.": "表名应由一至三段组成，而不是 {count} 段。",
    "The column “{name}” is asked for as {one} and as {other}.": "“{name}”列既按 {one} 又按 {other} 读取。",
    "A database takes the columns “{one}” and “{other}” for one.": "数据库会把“{one}”列和“{other}”列当作同一列。",
}
