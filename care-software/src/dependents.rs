//! What goes with a base, and goes when the base goes: 第7表 and 補足 with a month's 第6表; 第2表,
//! 第3表 and 補足 with 第1表.
//!
//! Invariant: of one sender, person and month (or day of the plan) there is one of each, the last
//! that came.

use std::collections::BTreeSet;

use careplan_standard::{
    Date, FileKind, FileName, LineKind, Month, NameMonth, OfficeNumber, Party, Sequence,
};

use crate::{
    ledger::Ledger,
    person::PersonKey,
    sheet::{BadItem, Values},
    slip_sheets::{self, Withdrawal},
};

/// 第7表 of one person's month, as its sender reckoned it: the sums of its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAnnex {
    /// 送信元.
    pub from: Party,
    /// ファイル連番.
    pub sequence: Sequence,
    /// Whose.
    pub person: PersonKey,
    /// サービス提供年月.
    pub month: Month,
    /// How many lines, the total among them.
    pub lines: u32,
    /// 回数／日数.
    pub times: u32,
    /// 給付管理単位数.
    pub units: u32,
    /// 区分支給限度基準超単位数.
    pub units_over: u32,
    /// 利用者負担（全額負担分）, in yen.
    pub own_expense: u32,
}

/// 補足 of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSupplement {
    /// 送信元.
    pub from: Party,
    /// ファイル連番.
    pub sequence: Sequence,
    /// Whose.
    pub person: PersonKey,
    /// The base that it goes with.
    pub base: Base,
    /// 利用者氏名.
    pub name: String,
    /// 要介護状態区分, as a code.
    pub level: String,
    /// 区分支給限度基準額, in units.
    pub limit: Option<u32>,
}

/// What a 補足 goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// 第1表 of this 居宅サービス計画作成（変更）日.
    Plan(Date),
    /// 第6表 of this month.
    Slip(Month),
}

/// 居宅サービス計画書 of one person and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCarePlan {
    /// 送信元.
    pub from: Party,
    /// ファイル連番 of what came last of it.
    pub sequence: Sequence,
    /// Whose.
    pub person: PersonKey,
    /// 居宅サービス計画作成（変更）日.
    pub written_on: Date,
    /// How many records there are of 第1表, 第2表 and 第3表.
    pub tables: [u32; 3],
}

/// What cannot be read of a record's key, without which [`read`] passes it over.
pub(crate) fn key_fault(name: &FileName, values: &Values<'_>) -> Option<BadItem> {
    let has_day = match name.kind {
        FileKind::PlanTable1 | FileKind::PlanTable2 | FileKind::PlanTable3 => true,
        FileKind::PlanWithdrawal => true,
        FileKind::Supplement => month_of(name).is_none(),
        _ => false,
    };
    if has_day { plan_key(values).err() } else { None }
}

/// Reads a file of what goes with a base; any other changes nothing.
pub(crate) fn read<'a>(
    ledger: &mut Ledger,
    name: &FileName,
    values: impl Iterator<Item = Values<'a>>,
) {
    match name.kind {
        FileKind::PlanTable1 => read_table(ledger, name, values, 0),
        FileKind::PlanTable2 => read_table(ledger, name, values, 1),
        FileKind::PlanTable3 => read_table(ledger, name, values, 2),
        FileKind::PlanWithdrawal => {
            let gone: Vec<_> = values.filter_map(|values| plan_key(&values).ok()).collect();
            let is_gone = |from: &Party, person: &PersonKey, written_on: Date| {
                from.office == name.from.office
                    && gone.iter().any(|(whose, day)| whose == person && *day == written_on)
            };
            ledger.care_plans.retain(|plan| !is_gone(&plan.from, &plan.person, plan.written_on));
            ledger.supplements.retain(|held| match held.base {
                Base::Plan(day) => !is_gone(&held.from, &held.person, day),
                Base::Slip(_) => true,
            });
        }
        FileKind::SlipAnnex => read_annex(ledger, name, values),
        FileKind::Supplement => {
            for held in values.filter_map(|values| supplement(name, &values)) {
                ledger.supplements.retain(|old| {
                    (old.from.office, &old.person, old.base)
                        != (held.from.office, &held.person, held.base)
                });
                ledger.supplements.push(held);
            }
        }
        _ => {}
    }
}

/// Takes away what goes with months that a sender withdraws.
pub(crate) fn withdraw_months(
    ledger: &mut Ledger,
    sender: OfficeNumber,
    withdrawn: &[(PersonKey, Withdrawal)],
) {
    let is_gone = |from: &Party, person: &PersonKey, month: Month| {
        let names = |(whose, of): &(PersonKey, Withdrawal)| whose == person && of.month == month;
        from.office == sender && withdrawn.iter().any(names)
    };
    ledger.annexes.retain(|held| !is_gone(&held.from, &held.person, held.month));
    ledger.supplements.retain(|held| match held.base {
        Base::Slip(month) => !is_gone(&held.from, &held.person, month),
        Base::Plan(_) => true,
    });
}

fn plan_key(values: &Values<'_>) -> Result<(PersonKey, Date), BadItem> {
    Ok((values.person(), values.parse("居宅サービス計画作成（変更）日")?))
}

/// The month that the file is of; none for what goes with a plan.
fn month_of(name: &FileName) -> Option<Month> {
    name.month.and_then(NameMonth::month)
}

/// The records of one table take the place of those that came before of the same plans.
fn read_table<'a>(
    ledger: &mut Ledger,
    name: &FileName,
    values: impl Iterator<Item = Values<'a>>,
    table: usize,
) {
    let mut fresh = BTreeSet::new();
    for (person, written_on) in values.filter_map(|values| plan_key(&values).ok()) {
        let is_same = |held: &HeldCarePlan| {
            (held.from.office, &held.person, held.written_on)
                == (name.from.office, &person, written_on)
        };
        let at = ledger.care_plans.iter().position(is_same).unwrap_or_else(|| {
            let (from, sequence) = (name.from, name.sequence);
            let person = person.clone();
            ledger.care_plans.push(HeldCarePlan {
                from,
                sequence,
                person,
                written_on,
                tables: [0; 3],
            });
            ledger.care_plans.len() - 1
        });
        let held = &mut ledger.care_plans[at];
        held.sequence = name.sequence;
        if fresh.insert((person, written_on)) {
            held.tables[table] = 0;
        }
        held.tables[table] += 1;
    }
}

fn read_annex<'a>(ledger: &mut Ledger, name: &FileName, values: impl Iterator<Item = Values<'a>>) {
    let Some(month) = month_of(name) else { return };
    let mut read: Vec<HeldAnnex> = vec![];
    for values in values {
        let person = values.person();
        let at = read.iter().position(|held| held.person == person).unwrap_or_else(|| {
            let (from, sequence) = (name.from, name.sequence);
            read.push(HeldAnnex {
                from,
                sequence,
                person,
                month,
                lines: 0,
                times: 0,
                units: 0,
                units_over: 0,
                own_expense: 0,
            });
            read.len() - 1
        });
        let held = &mut read[at];
        held.lines += 1;
        if LineKind::of(values.text("サービスコード").as_bytes()) == LineKind::Total {
            let number = |name| values.parse(name).unwrap_or(0);
            held.times = number("回数／日数");
            held.units = number("給付管理単位数");
            held.units_over = number("区分支給限度基準超単位数");
            held.own_expense = number("利用者負担（全額負担分）");
        }
    }
    let is_new = |old: &HeldAnnex| {
        old.from.office == name.from.office
            && old.month == month
            && read.iter().any(|held| held.person == old.person)
    };
    ledger.annexes.retain(|old| !is_new(old));
    ledger.annexes.extend(read);
}

fn supplement(name: &FileName, values: &Values<'_>) -> Option<HeldSupplement> {
    let base = match month_of(name) {
        Some(month) => Base::Slip(month),
        None => Base::Plan(plan_key(values).ok()?.1),
    };
    Some(HeldSupplement {
        from: name.from,
        sequence: name.sequence,
        person: values.person(),
        base,
        name: slip_sheets::read_name(values),
        level: values.text("要介護状態区分"),
        limit: values.parse("区分支給限度基準額").ok(),
    })
}
