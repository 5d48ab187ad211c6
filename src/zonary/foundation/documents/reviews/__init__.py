"""Reviews: a document shared with a pool invites its members; each accepts, declines, or stands aside (回避)."""
