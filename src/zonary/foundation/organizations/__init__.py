"""Whom people act for: enterprises, institutes, banks, the zone authority, pools of experts; and in what role."""
