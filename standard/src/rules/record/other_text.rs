//! Codes that say "other" or the like, and the items that say what.

/// A code, its value that asks for words, and the item for them.
pub(super) const OTHERS: [(&str, &[u8], &str); 3] = [
    ("生活援助中心型の算定理由", b"3", "その他理由"),
    ("相談方法", b"03", "相談方法(その他の内容)"),
    ("利用者の現況", b"02", "利用者の現況(状況補足)"),
];
