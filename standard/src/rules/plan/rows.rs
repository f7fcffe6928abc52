//! The rows of one plan in 第2表 and in the 別表 of 支援計画書: three numbers a row, each under the one
//! before it, and the words that belong to them.
//!
//! Rows of a plan that do not stand together are not compared: what stood before is not kept.

use crate::{
    FileKind, Layout,
    gist::Gist,
    report::Report,
    row::{FileRule, ItemSet, Row},
    runs::Person,
    values::number,
};

use super::{FIRST_TEXT_MISSING, NOT_SORTED, TEXT_DIFFERS, TEXT_REPEATED};

/// A number, and the items whose words stand on its first row.
type Level = (&'static str, &'static [&'static str]);

const TABLE_2: [Level; 3] = [
    ("課題ＮＯ", &["課題"]),
    ("援助目標ＮＯ", &["長期目標", "短期目標"]),
    ("援助内容ＮＯ", &["サービス内容"]),
];

const ANNEX: [Level; 3] = [
    (
        "課題ＮＯ",
        &["総合的課題", "課題に対する目標と具体策の提案", "具体策についての意向本人・家族", "目標"],
    ),
    (
        "支援計画ＮＯ",
        &[
            "【支援計画】目標についての支援のポイント",
            "【支援計画】本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）",
            "【支援計画】介護保険サービス又は地域支援事業（総合事業のサービス）",
        ],
    ),
    (
        "利用サービスＮＯ",
        &["【利用サービス】サービス種別", "【利用サービス】事業所(利用先)", "【利用サービス】期間"],
    ),
];

/// The rows of one file.
pub(crate) struct Rows {
    /// 保険者番号, 被保険者番号 and the day of the plan.
    plan: [u16; 3],
    numbers: [u16; 3],
    /// By level, the words' Nos.
    texts: [Vec<u16>; 3],
    all: ItemSet,
    /// Whether words stand on the first row of their number only, rather than on any.
    is_first_only: bool,
    before: Option<Before>,
    /// Whether the row before had something to report, which the same row again has, too.
    was_at_fault: bool,
}

/// The row before.
struct Before {
    person: Person,
    day: Vec<u8>,
    numbers: [Option<u32>; 3],
    /// By level, the words of the number's first row.
    texts: [Vec<Vec<u8>>; 3],
}

impl Rows {
    pub(crate) fn new(kind: FileKind, layout: &Layout) -> Self {
        let is_annex = kind == FileKind::PreventionPlanAnnex;
        let (levels, day) = if is_annex {
            (ANNEX, "計画作成(変更)日")
        } else {
            (TABLE_2, "居宅サービス計画作成（変更）日")
        };
        let plan = ["保険者番号", "被保険者番号", day].map(|item| layout.no_of(item));
        let numbers = levels.map(|(number, _)| layout.no_of(number));
        let texts = levels
            .map(|(_, texts)| texts.iter().map(|item| layout.no_of(item)).collect::<Vec<_>>());
        let all = [plan.as_slice(), &numbers, &texts.concat()].concat();
        let all = ItemSet::of(&all);
        Self {
            plan,
            numbers,
            texts,
            all,
            is_first_only: is_annex,
            before: None,
            was_at_fault: false,
        }
    }

    /// How many levels go on from the row before: the numbers that are equal, from the first on.
    fn going_on(&self, person: Person, day: &[u8], numbers: &[Option<u32>; 3]) -> Option<usize> {
        let before = self.before.as_ref()?;
        let is_same = before.person == person && before.day == day;
        let is_equal = |(a, b): &(&Option<u32>, &Option<u32>)| a.is_some() && a == b;
        is_same.then(|| before.numbers.iter().zip(numbers).take_while(is_equal).count())
    }

    /// Numbers do not go back, each within the one before it.
    fn check_order(&mut self, row: &Row<'_>, level: usize, now: Option<u32>, report: &mut Report) {
        let before = self.before.as_ref().and_then(|before| before.numbers[level]);
        let (Some(before), Some(now), Some(item)) =
            (before, now, row.layout.item(self.numbers[level]))
        else {
            return;
        };
        if now < before {
            let found = now.to_string();
            let breach = row.breach(&NOT_SORTED, item, found.as_bytes());
            self.was_at_fault = true;
            report.breach(breach.wanted(before.to_string()));
        }
    }

    /// The words of a number's first row.
    fn check_first(&mut self, row: &Row<'_>, level: usize, report: &mut Report) {
        let is_empty = self.texts[level].iter().all(|no| row.value(*no).is_empty());
        let number = row.layout.item(self.numbers[level]);
        let first = self.texts[level].first().and_then(|no| row.layout.item(*no));
        if let (true, Some(number), Some(first)) = (is_empty, number, first) {
            let found = row.value(number.no);
            let wanted = first.name.as_str();
            self.was_at_fault = true;
            report.breach(row.breach(&FIRST_TEXT_MISSING, number, found).wanted(wanted));
        }
    }

    /// The words of a number's later rows.
    fn check_later(&mut self, row: &Row<'_>, level: usize, report: &mut Report) {
        let Some(before) = &self.before else { return };
        for (no, first) in self.texts[level].iter().zip(&before.texts[level]) {
            let value = row.value(*no);
            let differs = !first.is_empty() && value != first.as_slice();
            let rule = match self.is_first_only {
                _ if value.is_empty() => continue,
                true => &TEXT_REPEATED,
                false if differs => &TEXT_DIFFERS,
                false => continue,
            };
            if let Some(item) = row.layout.item(*no) {
                self.was_at_fault = true;
                report.breach(row.breach(rule, item, value));
            }
        }
    }

    fn remember(
        &mut self,
        row: &Row<'_>,
        going_on: usize,
        next: (Person, &[u8], [Option<u32>; 3]),
    ) {
        let (person, day, numbers) = next;
        let before = self.before.get_or_insert_with(|| Before {
            person,
            day: vec![],
            numbers,
            texts: self.texts.each_ref().map(|nos| vec![vec![]; nos.len()]),
        });
        (before.person, before.numbers) = (person, numbers);
        day.clone_into(&mut before.day);
        for (nos, texts) in self.texts.iter().zip(&mut before.texts).skip(going_on) {
            for (no, text) in nos.iter().zip(texts) {
                row.value(*no).clone_into(text);
            }
        }
    }
}

impl FileRule for Rows {
    fn note(&mut self, row: &Row<'_>, report: &mut Report) {
        let may_repeat = !self.is_first_only && !self.was_at_fault && self.before.is_some();
        if may_repeat && !row.has_changed(self.all) {
            return;
        }
        self.was_at_fault = false;
        let [insurer, insured, day] = self.plan.map(|no| row.value(no));
        let Some(person) = Person::new(insurer, insured) else {
            self.before = None;
            return;
        };
        let numbers = self.numbers.map(|no| number(row.value(no)));
        let going_on = self.going_on(person, day, &numbers);
        let levels = going_on.unwrap_or(0);
        if let Some(level) = going_on.filter(|level| *level < numbers.len()) {
            self.check_order(row, level, numbers[level], report);
        }
        for (level, number) in numbers.iter().enumerate() {
            if number.is_none() {
                continue;
            }
            if level < levels {
                self.check_later(row, level, report);
            } else {
                self.check_first(row, level, report);
            }
        }
        self.remember(row, levels, (person, day, numbers));
    }

    fn finish(&mut self, _: &mut Report, _: &mut Gist) {}
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    fn table_2(edits: &[(u32, &'static str, &'static str)]) -> Vec<String> {
        let edits = edits
            .iter()
            .map(|&(record, item, value)| Edit::Set(FileKind::PlanTable2, record, item, value));
        found(Base::Plan, &edits.collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_sorted_as_numbers_each_within_the_one_before() {
        let back = [(1, "課題ＮＯ", "9"), (2, "課題ＮＯ", "9"), (3, "課題ＮＯ", "10")];
        assert_eq!(table_2(&back), [""; 0]);
        assert_eq!(table_2(&[(3, "援助目標ＮＯ", "5"), (2, "援助目標ＮＯ", "1")]), [""; 0]);
        let back = [(1, "課題ＮＯ", "3"), (2, "課題ＮＯ", "3")];
        assert_eq!(table_2(&back), ["plan.not-sorted@3.6"]);
        assert_eq!(table_2(&[(1, "援助内容ＮＯ", "3")]), ["plan.not-sorted@2.13"]);
        assert_eq!(
            table_2(&[(2, "援助内容ＮＯ", "1")]).first(),
            Some(&"?plan.text-differs@2.14".to_owned())
        );
        assert_eq!(table_2(&[(2, "援助内容ＮＯ", "")]), [""; 0], "the numbers are optional");
    }

    #[test]
    fn another_person_begins_anew() {
        let edits = [
            Edit::Set(FileKind::PlanTable2, 1, "課題ＮＯ", "7"),
            Edit::Set(FileKind::PlanTable2, 1, "被保険者番号", "0000209005"),
        ];
        let found = found(Base::Plan, &edits);
        assert!(!found.iter().any(|words| words.contains("not-sorted")), "{found:?}");
    }

    #[test]
    fn words_stand_on_the_first_row_of_their_number() {
        assert_eq!(table_2(&[(3, "課題", "")]), ["?plan.first-text-missing@3.6"]);
        assert_eq!(table_2(&[(2, "課題", "入浴が不安")]), [""; 0], "they may be repeated");
        assert_eq!(table_2(&[(2, "課題", "別のこと")]), ["?plan.text-differs@2.7"]);
        let annex = |record, item, value| {
            found(
                Base::PreventionPlan,
                &[Edit::Set(FileKind::PreventionPlanAnnex, record, item, value)],
            )
        };
        assert_eq!(annex(2, "目標", "転ばずに歩く"), ["?plan.text-repeated@2.9"]);
        assert_eq!(annex(1, "支援計画ＮＯ", "3"), ["plan.not-sorted@2.10"]);
    }
}
