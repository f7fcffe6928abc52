//! What can keep the software from doing what it was asked, in both languages.

use std::{fmt, io, path::PathBuf};

use careplan_standard::{Check, FileName, Lang, Month, OfficeNumber, Text};

use crate::{edition::Edition, person::PersonKey};

/// Why something was not done. Nothing was changed then.
#[derive(Debug)]
pub enum SoftwareError {
    /// A file or folder cannot be read or written.
    Io {
        /// Which.
        path: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// A JSON file of the home folder is not as it was written.
    Json {
        /// Which.
        path: PathBuf,
        /// Where, and what is wrong.
        source: serde_json::Error,
    },
    /// A file that was kept is no longer what it was when it arrived.
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// A folder for what is to be sent holds something already, which would be sent along.
    FolderInUse {
        /// Which.
        path: PathBuf,
    },
    /// The folder is not a home of this software.
    NotAHome {
        /// Which.
        path: PathBuf,
    },
    /// The folder belongs to another office.
    OtherOffice {
        /// Whose it is.
        home: OfficeNumber,
    },
    /// Only the home of a 居宅介護支援事業所 can do this.
    NotAManager,
    /// Only the home of a service office can do this.
    NotAServiceOffice,
    /// The cast cannot be planned with; the text says why in both languages.
    BadCast(&'static str),
    /// A 予定 cannot be changed so; the text says why in both languages.
    BadChange(&'static str),
    /// More people than an office can have, or none.
    BadPeople {
        /// The most that there may be.
        most: u32,
    },
    /// The folder's people were made with another seed.
    OtherSeed {
        /// The seed that they were made with.
        made_with: u64,
    },
    /// There is no 予定 of this month, or of any.
    NoPlan {
        /// Which month, if one was asked for.
        month: Option<Month>,
    },
    /// There is no paper of 介護予防 to write: no such person, or nobody has written it yet.
    NoPapers,
    /// No person of this 地域包括支援センター is entrusted to this office.
    NotEntrusted {
        /// 地域包括支援センター.
        centre: OfficeNumber,
    },
    /// No 実績 were recorded for the month.
    NotRecorded {
        /// Which month, if one was asked for.
        month: Option<Month>,
    },
    /// The standard has no such CSVバージョン.
    UnknownVersion {
        /// The value.
        value: String,
        /// What could be asked for instead.
        edition: Edition,
    },
    /// There is nothing for this office.
    UnknownDestination(OfficeNumber),
    /// Nobody has what is to be withdrawn.
    NobodyHas {
        /// The only office that was asked about; any if none.
        to: Option<OfficeNumber>,
    },
    /// The person is none of the office's.
    UnknownPerson(PersonKey),
    /// The ファイル連番 is not a time that exists.
    BadSequence,
    /// There is nothing to import among the files.
    NoFiles,
    /// Every visit was cancelled: 実績 without any row cannot be sent.
    NothingProvided {
        /// Of which month.
        month: Month,
    },
    /// A character that MS932 does not have.
    Unencodable {
        /// Which.
        character: char,
    },
    /// The check refuses the files.
    Refused {
        /// What is wrong.
        check: Box<Check>,
        /// The files' names, in the order of the check.
        names: Vec<String>,
    },
    /// A file is addressed to another office.
    NotForUs {
        /// Which.
        file: Box<FileName>,
        /// Who we are.
        own: OfficeNumber,
    },
    /// A file is of a version that this edition of the software does not read.
    NotRead {
        /// Which.
        name: String,
        /// Its CSVバージョン値.
        version: String,
        /// The newest version that the software knows, as people call it.
        edition: &'static str,
    },
    /// This edition of the software does not write the version.
    NotWritten {
        /// Its CSVバージョン値.
        version: String,
        /// The newest version that the software knows, as people call it.
        edition: &'static str,
    },
    /// A file of this name was imported before, with other bytes.
    Changed {
        /// Which.
        name: String,
    },
    /// A file passed the check, but the standard has no layout to read it by.
    NoLayout {
        /// Which.
        name: String,
    },
    /// A record passed the check, but a value that is needed cannot be read.
    Unreadable {
        /// The file.
        name: String,
        /// The record, from 1.
        record: u32,
        /// The item's name.
        item: &'static str,
    },
}

impl SoftwareError {
    /// Whether the content of files or records is at fault, not the set-up of the call.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NothingProvided { .. }
                | Self::Unencodable { .. }
                | Self::Refused { .. }
                | Self::NotForUs { .. }
                | Self::NotRead { .. }
                | Self::Changed { .. }
                | Self::NoLayout { .. }
                | Self::Unreadable { .. }
        )
    }

    /// What happened and what to do next, in one line.
    pub fn line(&self, lang: Lang) -> String {
        match lang {
            Lang::Ja => self.ja(),
            Lang::En => self.en(),
        }
    }

    fn ja(&self) -> String {
        match self {
            Self::Io { path, source } => {
                format!("{} を使えません（{source}）。場所と権限を確かめてください", path.display())
            }
            Self::Json { path, source } => {
                format!("{} を読めません（{source}）。直すか、作り直してください", path.display())
            }
            Self::Damaged { path } => format!(
                "{} が受信したときの中身と違います。元のファイルから取り込み直してください",
                path.display()
            ),
            Self::FolderInUse { path } => format!(
                "{} は空ではありません。古いファイルを片付けるか、別の --out を指定してください",
                path.display()
            ),
            Self::NotAHome { path } => format!(
                "{} はまだ介護ソフトのフォルダではありません。居宅は plan か import --office --plans で、サービス事業所は import --office で作ってください",
                path.display()
            ),
            Self::OtherOffice { home } => {
                format!("このフォルダは事業所 {home} のものです。別のフォルダを指定してください")
            }
            Self::NotAManager => NOT_A_MANAGER.ja.to_owned(),
            Self::NotAServiceOffice => NOT_A_SERVICE_OFFICE.ja.to_owned(),
            Self::BadCast(why) => format!("事業所の一覧（cast）を使えません: {why}"),
            Self::BadChange(why) => format!("予定を変更できません: {why}"),
            Self::BadPeople { most } => format!("利用者の数は1～{most}人にしてください"),
            Self::OtherSeed { made_with } => other_seed(*made_with, Lang::Ja),
            Self::NoPlan { month } => no_plan(*month, Lang::Ja),
            Self::NoPapers => NO_PAPERS.ja.to_owned(),
            Self::NotEntrusted { centre } => not_entrusted(*centre, Lang::Ja),
            Self::NotRecorded { month } => not_recorded(*month, Lang::Ja),
            Self::UnknownVersion { value, edition } => unknown_version(value, *edition, Lang::Ja),
            Self::UnknownDestination(office) => {
                format!("事業所 {office} あてのものはありません。--to の番号を確かめてください")
            }
            Self::NobodyHas { to } => nobody_has(*to, Lang::Ja),
            Self::UnknownPerson(person) => unknown_person(person, Lang::Ja),
            Self::BadSequence => BAD_SEQUENCE.ja.to_owned(),
            Self::NoFiles => NO_FILES.ja.to_owned(),
            Self::NothingProvided { month } => format!(
                "{month} の実績は1件もなく、実績のないファイルは送れません。メッセージかPDFで「利用なし」と知らせてください"
            ),
            Self::Unencodable { character } => format!(
                "「{character}」は標準仕様の文字コード（MS932）にありません。別の文字に直してください"
            ),
            Self::Refused { .. } => REFUSED.ja.to_owned(),
            Self::NotForUs { file, own } => format!(
                "{file} は事業所 {} 宛で、{own} 宛ではありません。取り込みませんでした",
                file.to.office
            ),
            Self::NotRead { name, version, edition } => format!(
                "{name} はCSVバージョン{version}のファイルで、この介護ソフト（{edition}版まで対応）では取り込めません。送信元に、{edition}版かPDFで送り直してもらってください"
            ),
            Self::NotWritten { version, edition } => format!(
                "この介護ソフト（{edition}版まで対応）は、CSVバージョン{version}では出力できません。{edition}版で出力してください"
            ),
            Self::Changed { name } => format!(
                "{name} は中身の違うものを取込済みです。送信元に新しい連番で送り直してもらってください"
            ),
            Self::NoLayout { name } => format!(
                "{name} のCSVバージョンにこの種類のファイルの並びがなく、取り込みませんでした。送信元に確かめてください"
            ),
            Self::Unreadable { name, record, item } => format!(
                "{name} の{record}件目の「{item}」を読めないため、取り込みませんでした。送信元に確かめてください"
            ),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Io { path, source } => {
                format!("cannot use {} ({source}); check place and rights", path.display())
            }
            Self::Json { path, source } => {
                format!("cannot read {} ({source}); mend it or make it anew", path.display())
            }
            Self::Damaged { path } => {
                format!("{} is not what was received; import the original again", path.display())
            }
            Self::FolderInUse { path } => {
                format!("{} is not empty; clear it, or name another --out", path.display())
            }
            Self::NotAHome { path } => format!(
                "{} is not yet a folder of the care software; make one with plan, or with import --office (and --plans for an office that plans)",
                path.display()
            ),
            Self::OtherOffice { home } => {
                format!("this folder belongs to office {home}; name another folder")
            }
            Self::NotAManager => NOT_A_MANAGER.en.to_owned(),
            Self::NotAServiceOffice => NOT_A_SERVICE_OFFICE.en.to_owned(),
            Self::BadCast(why) => format!("the cast cannot be used: {why}"),
            Self::BadChange(why) => format!("the plan cannot be changed: {why}"),
            Self::BadPeople { most } => format!("there can be 1 to {most} people"),
            Self::OtherSeed { made_with } => other_seed(*made_with, Lang::En),
            Self::NoPlan { month } => no_plan(*month, Lang::En),
            Self::NoPapers => NO_PAPERS.en.to_owned(),
            Self::NotEntrusted { centre } => not_entrusted(*centre, Lang::En),
            Self::NotRecorded { month } => not_recorded(*month, Lang::En),
            Self::UnknownVersion { value, edition } => unknown_version(value, *edition, Lang::En),
            Self::UnknownDestination(office) => {
                format!("there is nothing for office {office}; check --to")
            }
            Self::NobodyHas { to } => nobody_has(*to, Lang::En),
            Self::UnknownPerson(person) => unknown_person(person, Lang::En),
            Self::BadSequence => BAD_SEQUENCE.en.to_owned(),
            Self::NoFiles => NO_FILES.en.to_owned(),
            Self::NothingProvided { month } => format!(
                "nothing was provided in {month}, and results without a row cannot be sent; say so in a message or a PDF instead"
            ),
            Self::Unencodable { character } => format!(
                "'{character}' does not exist in the standard's encoding (MS932); write it otherwise"
            ),
            Self::Refused { .. } => REFUSED.en.to_owned(),
            Self::NotForUs { file, own } => format!(
                "not imported: {file} is addressed to office {}, not to {own}",
                file.to.office
            ),
            Self::NotRead { name, version, edition } => format!(
                "not imported: {name} is of CSV version {version}, and this software knows versions up to {edition}; ask the sender for {edition}, or for a PDF"
            ),
            Self::NotWritten { version, edition } => format!(
                "this software knows versions up to {edition} and cannot write CSV version {version}; export {edition}"
            ),
            Self::Changed { name } => format!(
                "{name} was imported before with other bytes; ask for it under a new sequence"
            ),
            Self::NoLayout { name } => format!(
                "not imported: the CSV version of {name} has no layout for such a file; ask the sender"
            ),
            Self::Unreadable { name, record, item } => format!(
                "not imported: {item} of record {record} of {name} cannot be read; ask the sender"
            ),
        }
    }
}

impl fmt::Display for SoftwareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.ja(), self.en())
    }
}

impl std::error::Error for SoftwareError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Json { source, .. } => Some(source),
            _ => None,
        }
    }
}

const NOT_A_MANAGER: Text = Text {
    ja: "居宅介護支援事業所のフォルダではありません。plan で作ったフォルダを指定してください",
    en: "not the folder of a care manager; name one that was made by plan",
};

const NOT_A_SERVICE_OFFICE: Text = Text {
    ja: "サービス事業所のフォルダではありません。import --office で作ったフォルダを指定してください",
    en: "not the folder of a service office; name one that was made by import --office",
};

const BAD_SEQUENCE: Text = Text {
    ja: "ファイル連番は実在する日時の14桁（YYYYMMDDHHMMSS）で指定してください",
    en: "the file sequence is a time that exists, 14 digits, YYYYMMDDHHMMSS",
};

const NO_PAPERS: Text = Text {
    ja: "出力する利用者基本情報・支援計画書がありません。利用者と、だれが計画を作るかを確かめてください",
    en: "there is no 利用者基本情報 or 支援計画書 to write; check the person, and who writes the plan",
};

const NO_FILES: Text = Text {
    ja: "取り込めるファイルがありません。受信したCSVファイルかそのフォルダを指定してください",
    en: "nothing to import; name the CSV files that were received, or their folder",
};

const REFUSED: Text = Text {
    ja: "標準仕様に合わないファイルがあるため、取り込みませんでした。送信元に直してもらってください",
    en: "not imported: files break the standard; ask the sender to mend them",
};

fn of(month: Option<Month>) -> String {
    month.map_or_else(String::new, |month| format!("{month} の"))
}

fn of_en(month: Option<Month>) -> String {
    month.map_or_else(String::new, |month| format!(" for {month}"))
}

fn not_recorded(month: Option<Month>, lang: Lang) -> String {
    match lang {
        Lang::Ja => {
            format!("{}実績がまだ記録されていません。先に record を行ってください", of(month))
        }
        Lang::En => format!("no results recorded{}; run record first", of_en(month)),
    }
}

fn not_entrusted(centre: OfficeNumber, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!(
            "{centre} から委託された利用者がいません。先に利用者基本情報を受け取って取り込んでください"
        ),
        Lang::En => {
            format!("nobody is entrusted by {centre}; receive and import 利用者基本情報 first")
        }
    }
}

fn no_plan(month: Option<Month>, lang: Lang) -> String {
    match lang {
        Lang::Ja => {
            let of = of(month);
            format!("{of}予定がありません。先に作成（plan）か取込（import）をしてください")
        }
        Lang::En => format!("no plan{}; run plan or import first", of_en(month)),
    }
}

fn nobody_has(to: Option<OfficeNumber>, lang: Lang) -> String {
    match lang {
        Lang::Ja => {
            let to = to.map_or_else(String::new, |to| format!("事業所 {to} に"));
            format!("{to}取り下げるものがありません。利用者と対象年月を確かめてください")
        }
        Lang::En => {
            let to = to.map_or_else(String::new, |to| format!(" at office {to}"));
            format!("there is nothing to withdraw{to}; check person and month")
        }
    }
}

/// Names what the edition knows, the newest first.
fn unknown_version(value: &str, edition: Edition, lang: Lang) -> String {
    let known = edition.versions().iter().rev().map(|version| version.value.as_str());
    let known: Vec<&str> = known.collect();
    match lang {
        Lang::Ja => format!(
            "CSVバージョン {value} は標準仕様にありません。{} を指定してください",
            known.join(" か ")
        ),
        Lang::En => {
            format!("the standard has no CSV version {value}; use {}", known.join(" or "))
        }
    }
}

fn unknown_person(person: &PersonKey, lang: Lang) -> String {
    let PersonKey { insurer, insured } = person;
    match lang {
        Lang::Ja => format!(
            "保険者番号 {insurer}、被保険者番号 {insured} の利用者はいません。番号を確かめてください"
        ),
        Lang::En => {
            format!("there is no person {insured} of insurer {insurer}; check the numbers")
        }
    }
}

fn other_seed(made_with: u64, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!(
            "このフォルダの利用者は種{made_with}で作られています。--seed {made_with} とするか、別のフォルダを使ってください"
        ),
        Lang::En => format!(
            "this folder's people were made with seed {made_with}; use --seed {made_with}, or another folder"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_results_point_to_a_message_or_a_pdf_in_both_languages() {
        let error =
            SoftwareError::NothingProvided { month: Month::new(2025, 8).expect("August exists") };
        assert!(error.line(Lang::Ja).contains("メッセージかPDF"));
        assert!(error.line(Lang::En).contains("message or a PDF"));
        assert!(error.is_refusal());
    }

    #[test]
    fn only_versions_that_the_software_knows_are_offered() {
        for (newest, offered) in [("3.2", "202208 を指定"), ("4.1", "202407 か 202208 を指定")]
        {
            let edition = Edition::up_to(newest).expect("is a version");
            let error = SoftwareError::UnknownVersion { value: "202410".to_owned(), edition };
            assert!(error.line(Lang::Ja).contains(&format!("。{offered}")), "{error}");
        }
    }

    #[test]
    fn each_line_is_one_line() {
        let error = SoftwareError::NoPlan { month: None };
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(!error.is_refusal());
    }
}
