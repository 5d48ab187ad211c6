"""Searching, in Chinese."""

from __future__ import annotations

SEARCH: dict[str, str] = {
    "Search": "搜索",
    "What is yours to see, by a word of it.": "按关键词查找您有权查看的内容。",
    "In everything {organisation} may see.": "在{organisation}有权查看的全部内容中搜索。",
    "In everything of your own.": "在您本人的全部内容中搜索。",
    "What you look for": "关键词",
    "A part of a word is enough, from two characters on; several words have to be there all.": "至少两个字符，可只写词的一部分；多个词须同时出现。",
    "Among": "范围",
    "everything": "全部",
    "Nothing was found": "没有找到",
    "Look for less of it: two characters are enough. What others have not shared with you is never found, and files are found by name, not by what is in them.": "请缩短关键词，两个字符即可。他人未共享给您的内容不会出现；文件按名称而非内容查找。",
    "What can be found": "可以查找的内容",
    "Titles and notes of your evidence, titles and file names of documents, facts about your organisation; as an officer every organisation of the zone by name or code.": "存证的名称与说明、文件的标题与文件名、关于贵单位的事实；工作人员还可按名称或代码查找片区内所有单位。",
    "A search has at most {words} words and {characters} characters.": "搜索最多 {words} 个词、{characters} 个字符。",
    "Write at least two characters of what you look for.": "请至少输入两个字符。",
    "Search in what the other scopes read": "在其他权限可读的内容中搜索",
    "The index of the search was made anew; {count} things are found.": "搜索索引已重建，可查找 {count} 项。",
    "Make the index of the search anew.": "重建搜索索引。",
}
