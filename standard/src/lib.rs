//! ケアプランデータ連携標準仕様 as code: what the files are called, what stands in them, which of them
//! travel together, and what is wrong with those that break the rules.
//!
//! It promises that reading never fails: any bytes give a value and a list of findings, each with
//! its place, and a layout is data, so that a new version is a folder of tables. It never touches a
//! file, a clock, a network or a random source: bytes in, values out.

mod attachments;
mod check;
mod codes;
pub mod convert;
mod encodings;
pub mod example;
mod file_check;
mod file_names;
mod filter;
mod findings;
mod fix;
mod forms;
mod gist;
mod item_check;
mod item_names;
mod judge;
mod keys;
mod lang;
pub mod ms932;
mod names;
pub mod reconcile;
mod record_writer;
mod records;
mod records_check;
mod report;
mod rest;
mod roles;
mod row;
mod rules;
mod runs;
mod service_codes;
mod tables;
mod units;
mod values;

pub use attachments::{AttachmentFault, check_attachment};
pub use check::{Check, FileFacts, FileRole, SendingFile, Verdict, check_sending, check_together};
pub use codes::{BadCode, Date, Month, OfficeNumber, Sequence, ServiceKind, ServiceScope};
pub use encodings::{Readable, readable};
pub use file_check::{CheckedFile, FileChecker};
pub use file_names::is_safe_file_name;
pub use findings::{Finding, Place, Rule, Severity, Wanted};
pub use fix::{FixedFile, Mend, MendKind, fix_sending};
pub use lang::{Lang, Text};
pub use names::{FileKind, FileName, NameFault, NameMonth, Party};
pub use record_writer::RecordWriter;
pub use records::{Field, Reading, Record, Shape, ShapeKind, read_records};
pub use roles::{may_receive, may_send};
pub use rules::{RULES, SUBJECTS, Statement, statements};
pub use service_codes::{LineKind, lends_equipment};
pub use tables::{
    Item, ItemKind, Layout, Length, Required, Standard, TableFault, Uncertain, Version,
};
pub use units::{Unit, UnitKind};
