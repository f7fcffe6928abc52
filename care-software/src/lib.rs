//! A reference 介護ソフト: what stands on both ends of the line.
//!
//! A 居宅介護支援事業所 plans with it, exports 計画 and 予定, imports 実績 and reconciles; a service
//! office imports 予定, records 実績 and exports them. People and plans are invented from a seed and
//! a reference month, the same bytes on every machine. Whoever wrote them, files can be looked at as
//! the paper forms that people know.
//!
//! It promises that received bytes are kept as they came, with their SHA-256, and that what it
//! exports passes the standard's check. It never asks the clock or the environment, never speaks
//! to a network, and touches files in one module, [`home`].

mod agreement;
mod amend;
mod annex;
mod as_text;
mod cast;
mod dependents;
mod dice;
mod divide;
mod edition;
mod entrusted;
mod error;
mod export;
mod forms;
pub mod home;
mod ledger;
mod overview;
mod paper_desk;
mod paper_export;
mod papers;
mod person;
mod plan_sheets;
mod prevention;
mod prevention_sheets;
mod reconcile;
mod record;
mod sheet;
mod slip;
mod slip_sheets;
mod software;
mod town;
mod week;
mod withdraw;

pub use agreement::{DifferentItem, Disagreed, Disagreement, disagreements};
pub use amend::Amendment;
pub use annex::{AnnexLine, LineKind, Sums, annex};
pub use cast::{Cast, Office};
pub use dependents::{Base, HeldAnnex, HeldCarePlan, HeldSupplement};
pub use divide::{Division, divide};
pub use edition::Edition;
pub use entrusted::{Astray, EntrustedMonth, TakeOn};
pub use error::SoftwareError;
pub use export::{
    AnswerEnvelope, Envelope, OutFile, PlanBook, Sending, export_plans, export_results,
    export_slips, next_sequence, sequence_at, version_for,
};
pub use forms::{FormBook, FormEntry};
pub use ledger::{Held, Ledger, LeftOut, ReceivedFile};
pub use overview::{LimitNotice, MonthOverview, MonthSums, PersonMonth};
pub use paper_desk::{PaperOrder, PaperWithdrawal, PreventionOrder};
pub use papers::{Paper, PaperKind, PaperRow, Papers};
pub use person::{CareLevel, PEOPLE_MAX, Person, PersonKey, Sex};
pub use prevention::{Entrusting, Prevention, Writer};
pub use reconcile::{Change, Class, Entry, Reconciliation, Waiting, reconcile};
pub use record::{Answer, Rates, RecordedMonth, record};
pub use slip::{MonthlyPlan, NO_TIME, ServiceRow};
pub use software::{CareSoftware, ExportOrder, Imported, PlanOrder, What};
pub use town::{Practice, ServiceOffice, TOWN_RATES, TOWN_SCALE_MAX, Town};
pub use week::{CarePlan, Charge, Client, Lease, WeeklyService};
pub use withdraw::WithdrawOrder;
