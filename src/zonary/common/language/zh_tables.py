"""Tables that people send, in Chinese."""

from __future__ import annotations

TABLES: dict[str, str] = {
    "The file is empty.": "文件是空的。",
    "The file has {size} MB; at most {limit} MB are read. Split it.": "文件有 {size} MB，最多读取 {limit} MB，请拆分后再导入。",
    "This is an old .xls workbook, or one with a password. Save it as .xlsx without a password, or as CSV.": "这是旧版 .xls 工作簿，或者设有密码。请另存为不带密码的 .xlsx，或另存为 CSV。",
    "Only an XLSX file has sheets; leave out the sheet “{sheet}”.": "只有 XLSX 文件才有工作表，请不要指定工作表“{sheet}”。",
    "The file has more than {limit} rows. Split it into smaller files, and import one after the other; nothing was read in.": "文件超过 {limit} 行。请拆分成较小的文件依次导入；本次没有导入任何内容。",
    "The first row is empty; it must hold the names of the columns.": "第一行是空的；第一行必须是各列的名称。",
    "The file has {count} columns; at most {limit} are read.": "文件有 {count} 列，最多读取 {limit} 列。",
    "Row {row} has {count} cells, but there are {width} columns. A cell with a separator in it needs quotes.": "第 {row} 行有 {count} 个单元格，但表头只有 {width} 列。含有分隔符的单元格需要加引号。",
    "Row {row}, column {column} has a cell of {count} characters; at most {limit} are read. A quote that is never closed may be the reason.": "第 {row} 行第 {column} 列的单元格有 {count} 个字符，最多读取 {limit} 个；可能是引号没有闭合。",
    "The columns “{first}” and “{second}” mean the same. Remove one of them.": "“{first}”与“{second}”两列含义相同，请删去其中一列。",
    "These columns are missing: {missing}. The first row holds: {found}": "缺少这些列：{missing}。第一行现有：{found}",
    "Row {row} (line {line} of the file) is no CSV: {reason}. Look for a quote that is not closed, or not doubled inside a cell.": "第 {row} 行（文件第 {line} 行）不符合 CSV 格式：{reason}。请检查引号是否没有闭合，或单元格内的引号是否没有写成两个。",
    "The file is in UTF-16. Save it as “CSV UTF-8”.": "文件是 UTF-16 编码，请另存为“CSV UTF-8”。",
    "The file is neither CSV in UTF-8 or GB18030, nor XLSX, nor Parquet: line {line} cannot be read. Save it as “CSV UTF-8”.": "文件既不是 UTF-8 或 GB18030 编码的 CSV，也不是 XLSX 或 Parquet：第 {line} 行无法读取。请另存为“CSV UTF-8”。",
    "The column “{column}” has the type {type}; only numbers, dates and texts are read.": "“{column}”列的类型是 {type}；只能读取数字、日期和文字。",
    "Unpacked, the file has {size} MB; at most {limit} MB are read. Split it.": "文件解压后有 {size} MB，最多读取 {limit} MB，请拆分后再导入。",
    "The Parquet file is damaged at row {row}: {reason}. Make it again.": "Parquet 文件在第 {row} 行损坏：{reason}。请重新生成。",
    "The workbook has no sheet.": "工作簿中没有工作表。",
    "The workbook has no sheet “{sheet}”; it has: {names}": "工作簿中没有工作表“{sheet}”，现有：{names}",
    "The workbook has a password. Save it without one.": "工作簿设有密码，请去掉密码后另存。",
    "The sheet reaches over {rows} rows and {columns} columns, which is too many. Remove cells that stand far off, or save it as CSV.": "工作表横跨 {rows} 行、{columns} 列，范围过大。请删去远处的单元格，或另存为 CSV。",
    "Unpacked, the workbook has more than {limit} MB, or far too many parts. Save it as CSV.": "工作簿解压后超过 {limit} MB，或部件过多，请另存为 CSV。",
    "The file is no XLSX workbook, or is damaged: {reason}.": "文件不是 XLSX 工作簿，或已损坏：{reason}。",
    "The file is no XLSX workbook, or is damaged. Save the table anew as .xlsx.": "文件不是 XLSX 工作簿，或已损坏。请将表格另存为 .xlsx 后再上传。",
}
