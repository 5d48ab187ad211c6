"""The import of a registry of enterprises, in Chinese."""

from __future__ import annotations

REGISTRY: dict[str, str] = {
    # a row
    "The unified social credit code is missing. Fill it in from the licence.": "缺少统一社会信用代码，请按营业执照填写。",
    "{uscc} stands in row {first} already, and again in row {row}. Remove one of them.": "{uscc} 已在第 {first} 行出现，第 {row} 行又出现一次，请删去其中一行。",
    "“{value}” is no date. Write it as 2019-03-04.": "“{value}”不是日期，请写成 2019-03-04 的形式。",
    "The day {day} cannot be: it lies in the future, or too long ago.": "日期 {day} 不合理：在未来，或者过于久远。",
    "“{value}” is no industry code of GB/T 4754-2017: a letter from A to T and two to four digits, such as C3512.": "“{value}”不是 GB/T 4754-2017 的行业代码：应为 A 至 T 的一个字母加两至四位数字，例如 C3512。",
    "The name is missing. Fill it in from the licence.": "缺少企业名称，请按营业执照填写。",
    "It has {count} characters; at most {limit} are kept.": "内容有 {count} 个字符，最多保存 {limit} 个。",
    "It holds a character that cannot be shown. Type it again.": "含有无法显示的字符，请重新输入。",
    "What was corrected here, “{kept}”, was kept; the file says otherwise.": "保留了在本平台更正过的“{kept}”；文件中的内容与之不同。",
    "It is known here, and not as an enterprise; nothing was changed.": "该主体在本平台已登记，但不是企业，未作更改。",
    # an import
    "The file has a header and no rows.": "文件只有表头，没有数据行。",
    "This file was imported on {day} already, as “{name}”; nothing was changed.": "该文件已于 {day} 以“{name}”导入过，本次未作任何更改。",
    "Somebody else goes on with this import; this one ends, and nothing was done twice.": "已有他人在继续这次导入；本次到此为止，没有任何内容被重复导入。",
    "Another import of a registry is running. Wait until it has ended; nothing was changed.": "另一次企业名录导入正在进行，请等它结束；本次未作任何更改。",
    "The file was changed while it was read. Import it again; nothing is done twice.": "文件在读取过程中被改动，请重新导入；不会有任何内容被重复导入。",
    # its report
    "Row": "行号",
    "Column": "列",
    "Value": "值",
    "Imported": "是否导入",
    "Reason": "原因",
    "yes": "是",
    "no": "否",
    # the command
    "Read in a registry of enterprises: CSV, XLSX or Parquet.": "导入企业名录：CSV、XLSX 或 Parquet。",
    "CSV, XLSX or Parquet, with a header": "带表头的 CSV、XLSX 或 Parquet 文件",
    "who keeps this registry; the file's name without it": "名录的来源单位；不填则用文件名",
    "sheet of a workbook; its first without it": "工作簿中的哪张工作表；不填则取第一张",
    "look at every row, and change nothing": "检查每一行，但不作任何更改",
    "write here what there is to say of rows": "把各行的问题写入此文件",
    "Columns that are not read: {names}": "未读取的列：{names}",
    "Nothing was changed. Of {rows} rows {refused} would be refused.": "未作任何更改。共 {rows} 行，其中 {refused} 行会被拒绝。",
    "Imported: {created} new, {changed} changed, {unchanged} unchanged, {refused} rows refused.": "导入完成：新增 {created} 家，更新 {changed} 家，未变 {unchanged} 家，拒绝 {refused} 行。",
    "Add --report errors.csv, and the same command writes all there is to say of rows.": "加上 --report errors.csv 再执行一次同样的命令，即可得到各行的全部问题。",
    "row {row}, {column}: {reason}": "第 {row} 行，{column}：{reason}",
    "{done} of {rows} rows": "{done} / {rows} 行",
}
