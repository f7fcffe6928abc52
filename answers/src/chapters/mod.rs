//! The chapters. An entry is what is planned and what goes wrong; the rest is computed.

mod addon;
mod equipment;
mod file;
mod limit;
mod monthly;
mod person;
mod plan;
mod prevention;
mod results;
mod slip;
mod stay;
mod text;
mod version;
mod withdrawal;

use careplan_standard::Text;

use crate::situation::Situation;

/// A chapter of the book.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The first word of its situations' identifiers.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// Its situations, in the order in which they are read.
    pub situations: Vec<Situation>,
}

/// A chapter: the first word of its identifiers, its titles, its situations.
type Row = (&'static str, &'static str, &'static str, fn() -> Vec<Situation>);

const CHAPTERS: &[Row] = &[
    ("slip", "予定の基本", "Planned services", slip::situations),
    ("monthly", "月額と日割", "By the month and by the day", monthly::situations),
    ("addon", "加算と減算", "Add-ons and reductions", addon::situations),
    ("limit", "限度額", "Limits", limit::situations),
    ("stay", "短期入所", "Short stays", stay::situations),
    ("equipment", "福祉用具貸与", "Equipment on loan", equipment::situations),
    ("person", "利用者と認定", "People and certification", person::situations),
    ("plan", "居宅サービス計画書", "Care plans", plan::situations),
    ("results", "実績", "Services provided", results::situations),
    ("withdrawal", "取り消し", "Withdrawals", withdrawal::situations),
    (
        "prevention",
        "介護予防・総合事業・委託",
        "Prevention and entrusted plans",
        prevention::situations,
    ),
    ("text", "文章と文字", "Texts and characters", text::situations),
    ("file", "ファイル", "Files", file::situations),
    ("version", "版", "Versions", version::situations),
];

/// The whole book.
pub fn book() -> Vec<Chapter> {
    let chapter = |(id, ja, en, situations): &Row| Chapter {
        id,
        title: Text { ja, en },
        situations: situations(),
    };
    CHAPTERS.iter().map(chapter).collect()
}
