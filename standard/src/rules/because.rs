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
