//! Papers of 介護予防, as they stand after everything was read in the order of the ファイル連番:
//! 利用者基本情報 and 介護予防サービス・支援計画書.
//!
//! Invariant: a paper is one thing. Its 別表 and its pictures come and go with it: what is sent again
//! replaces the paper whole, and a withdrawal takes it away whole. Nobody but its sender does either.

use careplan_standard::{
    FileKind, FileName, Item, ItemKind, Layout, OfficeNumber, Party, Sequence, Standard, Version,
    read_records,
};

use crate::{
    error::SoftwareError,
    ledger::{ReceivedFile, version_of},
    person::PersonKey,
    sheet::{Line, Values},
};

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperKind {
    /// 利用者基本情報, with 別表1, 別表2 and the picture of the family.
    PersonRecord,
    /// 介護予防サービス・支援計画書, with its 別表.
    PreventionPlan,
}

/// A paper of one person, as its sender wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Which.
    pub kind: PaperKind,
    /// Whose.
    pub person: PersonKey,
    /// The day that it is known by: 計画作成（変更）日 or 相談日, eight digits.
    pub day: String,
    /// 送信元 of its files.
    pub from: Party,
    /// 送信先 of its files.
    pub to: Party,
    /// ファイル連番 of its files.
    pub sequence: Sequence,
    /// The records: the paper itself first, then those of its 別表, in the order of the files.
    pub rows: Vec<PaperRow>,
    /// The picture that it names, if that came with it.
    pub picture: Option<Vec<u8>>,
}

/// One record of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Which file it stands in.
    pub kind: FileKind,
    items: &'static [Item],
    values: Vec<String>,
}

/// The papers that an office holds of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    /// In the order in which they came in.
    pub all: Vec<Paper>,
}

/// 家族構成 画像ファイル名, which changes with the name of the file that it stands in.
pub(crate) const PICTURE_ITEM: &str = "家族構成 画像ファイル名";

impl PaperKind {
    /// The file that the paper itself stands in.
    pub const fn base(self) -> FileKind {
        match self {
            Self::PersonRecord => FileKind::PersonRecord,
            Self::PreventionPlan => FileKind::PreventionPlan,
        }
    }

    /// The file that withdraws it.
    pub const fn withdrawal(self) -> FileKind {
        match self {
            Self::PersonRecord => FileKind::PersonRecordWithdrawal,
            Self::PreventionPlan => FileKind::PreventionPlanWithdrawal,
        }
    }

    /// The item that holds the day by which the paper is known.
    pub(crate) const fn day_item(self) -> &'static str {
        match self {
            Self::PersonRecord => "相談日",
            Self::PreventionPlan => "計画作成(変更)日",
        }
    }

    /// The paper that a file is of, and what it is to it; none for other files.
    fn of(name: &FileName) -> Option<(Self, Part)> {
        let found = match name.kind {
            FileKind::PersonRecord => (Self::PersonRecord, Part::Base),
            FileKind::PersonRecordDay | FileKind::PersonRecordIllness => {
                (Self::PersonRecord, Part::Annex)
            }
            FileKind::PersonRecordImage => (Self::PersonRecord, Part::Picture),
            FileKind::PersonRecordWithdrawal => (Self::PersonRecord, Part::Withdrawal),
            FileKind::PreventionPlan => (Self::PreventionPlan, Part::Base),
            FileKind::PreventionPlanAnnex => (Self::PreventionPlan, Part::Annex),
            FileKind::PreventionPlanWithdrawal => (Self::PreventionPlan, Part::Withdrawal),
            _ => return None,
        };
        Some(found)
    }
}

/// What a file is to a paper, in the order in which files of one ファイル連番 are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Withdrawal,
    Base,
    Annex,
    Picture,
}

impl Papers {
    /// Reads files that passed the check, in ascending order of their ファイル連番. Other files
    /// change nothing here.
    ///
    /// # Errors
    /// A file that no layout tells how to read.
    pub fn replay(files: &[ReceivedFile]) -> Result<Self, SoftwareError> {
        let mut members: Vec<(FileName, PaperKind, Part, &ReceivedFile)> = files
            .iter()
            .filter_map(|file| {
                let name = FileName::parse(&file.name).ok()?;
                let (kind, part) = PaperKind::of(&name)?;
                Some((name, kind, part, file))
            })
            .collect();
        members.sort_by_key(|(name, _, part, _)| (name.sequence, *part, name.kind));
        let mut papers = Self::default();
        for (name, kind, part, file) in members {
            match part {
                Part::Picture => papers.add_picture(&name, file),
                _ => papers.read(&name, kind, part, file)?,
            }
        }
        Ok(papers)
    }

    /// The papers of one kind, in the order in which they came in.
    pub fn of(&self, kind: PaperKind) -> impl Iterator<Item = &Paper> {
        self.all.iter().filter(move |paper| paper.kind == kind)
    }

    /// The person's paper of this kind and sender that is in force: that of the latest day.
    pub(crate) fn latest(
        &self,
        kind: PaperKind,
        person: &PersonKey,
        from: OfficeNumber,
    ) -> Option<&Paper> {
        let theirs = self.of(kind).filter(|it| it.person == *person && it.from.office == from);
        theirs.max_by_key(|paper| &paper.day)
    }

    fn read(
        &mut self,
        name: &FileName,
        kind: PaperKind,
        part: Part,
        file: &ReceivedFile,
    ) -> Result<(), SoftwareError> {
        let layout = layout_of(name, file)?;
        let reading = read_records(&file.bytes);
        for record in reading.records() {
            let values = Values { layout, record };
            let (person, day) = (values.person(), values.text(kind.day_item()));
            let is_same = |paper: &Paper| {
                let same_paper = (paper.kind, &paper.person, &paper.day) == (kind, &person, &day);
                same_paper && paper.from.office == name.from.office
            };
            if part != Part::Annex {
                self.all.retain(|paper| !is_same(paper));
            }
            let row = || PaperRow::read(name.kind, layout, &values);
            match part {
                Part::Base => self.all.push(Paper {
                    kind,
                    from: name.from,
                    to: name.to,
                    sequence: name.sequence,
                    rows: vec![row()],
                    picture: None,
                    person,
                    day,
                }),
                Part::Annex => {
                    let base = self.all.iter_mut().find(|it| is_same(it));
                    if let Some(base) = base.filter(|base| base.sequence == name.sequence) {
                        base.rows.push(row());
                    }
                }
                Part::Withdrawal | Part::Picture => {}
            }
        }
        Ok(())
    }

    fn add_picture(&mut self, name: &FileName, file: &ReceivedFile) {
        let is_named = |paper: &&mut Paper| {
            let same_unit = (paper.from, paper.sequence) == (name.from, name.sequence);
            same_unit && paper.text(PICTURE_ITEM).eq_ignore_ascii_case(&file.name)
        };
        if let Some(paper) = self.all.iter_mut().find(is_named) {
            paper.picture = Some(file.bytes.clone());
        }
    }
}

impl Paper {
    /// What the paper itself says in an item; empty if nothing.
    pub fn text(&self, item: &str) -> &str {
        self.rows.first().map_or("", |row| row.text(item))
    }

    /// The name of the file that the paper itself stands in.
    pub(crate) fn file_name(&self) -> String {
        let Self { kind, from, to, sequence, .. } = *self;
        let kind = kind.base();
        FileName { kind, month: None, from, to, sequence, branch: None }.to_string()
    }

    /// The records that stand in files of this kind.
    pub fn rows_of(&self, kind: FileKind) -> impl Iterator<Item = &PaperRow> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    /// What the paper says, item by item, without what tells only how it was sent: two papers with
    /// the same content are the same to whoever reads them.
    pub fn content(&self) -> Vec<(FileKind, Vec<(&'static str, &str)>)> {
        self.rows.iter().map(|row| (row.kind, row.said())).collect()
    }

    /// The records as lines, to be written again under another name; the picture's name is left out.
    pub(crate) fn lines(&self) -> Vec<(FileKind, Line)> {
        self.rows.iter().map(|row| (row.kind, row.line())).collect()
    }
}

impl PaperRow {
    /// What the record says in an item; empty if nothing.
    pub fn text(&self, item: &str) -> &str {
        let at = self.items.iter().position(|known| known.name == item);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    fn said(&self) -> Vec<(&'static str, &str)> {
        let items = self.items.iter().map(|item| item.name.as_str()).zip(&self.values);
        let is_content = |(name, value): &(&str, &String)| {
            *name != PICTURE_ITEM && *name != "CSVバージョン" && !value.is_empty()
        };
        items.filter(is_content).map(|(name, value)| (name, value.as_str())).collect()
    }

    fn read(kind: FileKind, layout: &'static Layout, values: &Values<'_>) -> Self {
        let value = |no| values.record.field(no).map_or_else(String::new, |field| field.text());
        let values = layout.items.iter().map(|item| value(item.no)).collect();
        Self { kind, items: &layout.items, values }
    }

    fn line(&self) -> Line {
        let said = self.items.iter().zip(&self.values);
        said.fold(Line::default(), |line, (item, value)| match item.kind {
            ItemKind::ImageName => line,
            ItemKind::Text => line.text(&item.name, value),
            _ => line.code(&item.name, value),
        })
    }
}

fn layout_of(name: &FileName, file: &ReceivedFile) -> Result<&'static Layout, SoftwareError> {
    let standard = Standard::bundled();
    let version: Option<&Version> = standard.version(&version_of(file, standard));
    let layout = version.and_then(|version| version.layout(name.kind));
    layout.ok_or_else(|| SoftwareError::NoLayout { name: file.name.clone() })
}
