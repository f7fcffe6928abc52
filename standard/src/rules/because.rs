//! Why rules weigh what they weigh: the reasons that many share.

use crate::Text;

/// An error: the standard says so in so many words.
pub(crate) const STATED: Text = Text {
    ja: "標準仕様に定めがあり、違うファイルは相手のソフトで読めません。",
    en: "The standard states it, and files that differ cannot be read by the partner's software.",
};

/// A warning: the text of the standard leaves it open.
pub(crate) const NOT_STATED: Text = Text {
    ja: "標準仕様に定めがないので、拒みません。",
    en: "The standard does not state it, so it never refuses.",
};

/// A warning: nothing forbids it, and it is seldom meant.
pub(crate) const SELDOM_MEANT: Text = Text {
    ja: "標準仕様は禁じていませんが、入力や計算の誤りであることが多いので知らせます。",
    en: "The standard does not forbid it, but it is more often a slip than meant.",
};

/// A warning: the published text says it of what is usual, not of what is refused.
pub(crate) const USUAL: Text = Text {
    ja: "標準仕様に書かれた使い方ですが、違っても取り込みは妨げられないので、拒みません。",
    en: "The standard describes it as what is done; files that differ can be imported, so it never refuses.",
};
