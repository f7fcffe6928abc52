//! Who writes and who reads what: the standard's table of roles, for V4 names, which carry the
//! service kinds of both sides.

use crate::{
    FileKind, FileName, Rule, ServiceKind, ServiceScope, Wanted,
    rules::name::{ROLE, SAME_OFFICE, UNUSUAL_ROLE},
};

/// What is wrong with the two sides of a name.
pub(crate) struct Breach {
    pub(crate) rule: &'static Rule,
    pub(crate) found: String,
    pub(crate) wanted: Wanted,
}

/// What an office is by its service kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// 居宅介護支援, 委託先 too.
    CareManager,
    /// 地域包括支援センター.
    Centre,
    /// 居宅サービス, 介護予防・総合事業サービス.
    Service,
}

/// How the table sees a role with a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// ○ or △.
    Listed,
    /// A dash between planners, or a blank.
    Unlisted,
    /// What the whole exchange excludes: a service that plans, a planner that provides.
    Excluded,
}

/// What is wrong with who sends to whom.
pub(crate) fn check(name: &FileName) -> Vec<Breach> {
    let mut breaches = vec![];
    if name.from.office == name.to.office {
        let found = name.from.office.to_string();
        breaches.push(Breach { rule: &SAME_OFFICE, found, wanted: Wanted::default() });
    }
    let sends = (name.from.kind, writes as Table, ("送れません", "送る"), "send");
    let receives = (name.to.kind, reads as Table, ("受け取れません", "受け取る"), "receive");
    for (kind, table, (cannot, does), verb) in [sends, receives] {
        let Some((kind, role)) = kind.and_then(|kind| Some((kind, role(kind)?))) else { continue };
        let (rule, ja, en) = match table(role, name.kind) {
            Standing::Listed => continue,
            Standing::Unlisted => (&UNUSUAL_ROLE, does.to_owned(), format!("{verb}s")),
            Standing::Excluded => (&ROLE, cannot.to_owned(), format!("cannot {verb}")),
        };
        breaches.push(Breach { rule, found: kind.to_string(), wanted: Wanted { ja, en } });
    }
    breaches
}

type Table = fn(Role, FileKind) -> Standing;

/// None for a kind that is out of scope, which is a finding about the name already.
fn role(kind: ServiceKind) -> Option<Role> {
    match kind.scope() {
        ServiceScope::Planner if kind == ServiceKind::CARE_MANAGEMENT => Some(Role::CareManager),
        ServiceScope::Planner => Some(Role::Centre),
        ServiceScope::Care | ServiceScope::Prevention | ServiceScope::Municipal => {
            Some(Role::Service)
        }
        ServiceScope::Outside | ServiceScope::Unknown => None,
    }
}

fn writes(role: Role, file: FileKind) -> Standing {
    let is_results = matches!(file, FileKind::Results | FileKind::ResultsWithdrawal);
    match (role, is_results) {
        (Role::Service, true) | (Role::CareManager, _) => Standing::Listed,
        (Role::Service, false) => Standing::Excluded,
        (Role::Centre, true) => Standing::Unlisted,
        (Role::Centre, false) if is_care_plan(file) => Standing::Unlisted,
        (Role::Centre, false) => Standing::Listed,
    }
}

fn reads(role: Role, file: FileKind) -> Standing {
    let is_results = matches!(file, FileKind::Results | FileKind::ResultsWithdrawal);
    let is_slip = matches!(file, FileKind::Slip | FileKind::SlipAnnex | FileKind::SlipWithdrawal);
    match role {
        Role::Service if is_results => Standing::Excluded,
        Role::Service => Standing::Listed,
        Role::CareManager if is_slip || is_care_plan(file) => Standing::Unlisted,
        Role::Centre if is_care_plan(file) => Standing::Unlisted,
        Role::CareManager | Role::Centre => Standing::Listed,
    }
}

fn is_care_plan(file: FileKind) -> bool {
    matches!(
        file,
        FileKind::PlanTable1
            | FileKind::PlanTable2
            | FileKind::PlanTable3
            | FileKind::PlanWithdrawal
    )
}
