//! 送信単位: what one office sends another under one ファイル連番, in any version.

use careplan_standard::{
    Date, FileKind, FileName, Month, NameMonth, OfficeNumber, Party, ServiceKind, Version,
};

use crate::{
    annex::{Annex, annex},
    cast::{INSURER, Office, Person},
    file::AnswerFile,
    prevention::FIRST_PICTURE,
    service::{PersonMonth, Service},
    sheet::{self, Line, Sheet},
};

/// 作成年月日 of 第6表 and 第7表, the twenty-fifth of the month before.
const MADE_ON_DAY: u8 = 25;

/// What one office sends another under one ファイル連番.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    from: Office,
    to: Office,
    month: Month,
    /// ファイル連番, where it is not the sending's.
    sequence: Option<&'static str>,
    /// プラン担当業者コード.
    planner: Office,
    content: Content,
    changes: Vec<Change>,
    pictures: Vec<Vec<u8>>,
    has_small_extension: bool,
}

#[derive(Debug, Clone)]
enum Content {
    /// 第6表, 第7表 and 補足.
    Slip(Vec<PersonMonth>),
    /// 実績.
    Results(Vec<PersonMonth>),
    /// Records as they are, each file with or without a month in its name.
    Sheets(Vec<Sheet>),
}

/// A value that the builder would write otherwise. No record stands for every record.
#[derive(Debug, Clone)]
struct Change {
    kind: FileKind,
    record: Option<usize>,
    item: &'static str,
    value: String,
}

/// 予定: 第6表, 第7表 and 補足.
pub(crate) fn slip(from: Office, to: Office, people: impl Into<Vec<PersonMonth>>) -> Unit {
    Unit::new(from, to, from, Content::Slip(people.into()))
}

/// 実績: 第6表 as it was provided, for the planner.
pub(crate) fn results(from: Office, to: Office, people: impl Into<Vec<PersonMonth>>) -> Unit {
    Unit::new(from, to, to, Content::Results(people.into()))
}

/// Any other records.
pub(crate) fn sheets(from: Office, to: Office, sheets: impl Into<Vec<Sheet>>) -> Unit {
    Unit::new(from, to, from, Content::Sheets(sheets.into()))
}

impl Unit {
    fn new(from: Office, to: Office, planner: Office, content: Content) -> Self {
        let month = Month::new(2025, 4).expect("April exists");
        Self {
            from,
            to,
            month,
            sequence: None,
            planner,
            content,
            changes: vec![],
            pictures: vec![],
            has_small_extension: false,
        }
    }

    /// サービス提供年月; April 2025 otherwise.
    pub(crate) fn in_month(self, year: u16, month: u8) -> Self {
        let month = Month::new(year, month).expect("the month is written in the book and exists");
        Self { month, ..self }
    }

    /// プラン担当業者, where it is not the sender of a 予定 or the receiver of a 実績.
    pub(crate) fn planned_by(self, planner: Office) -> Self {
        Self { planner, ..self }
    }

    /// With a ファイル連番 of its own.
    pub(crate) fn sequence(self, sequence: &'static str) -> Self {
        Self { sequence: Some(sequence), ..self }
    }

    /// With this value in one record, from 1.
    pub(crate) fn with(self, kind: FileKind, at: usize, item: &'static str, value: &str) -> Self {
        self.change(Change { kind, record: Some(at), item, value: value.to_owned() })
    }

    /// With this value in every record.
    pub(crate) fn with_all(self, kind: FileKind, item: &'static str, value: &str) -> Self {
        self.change(Change { kind, record: None, item, value: value.to_owned() })
    }

    /// With a picture; branches count from 1.
    pub(crate) fn with_picture(mut self, bytes: &[u8]) -> Self {
        self.pictures.push(bytes.to_owned());
        self
    }

    /// With names that end in `.csv`.
    pub(crate) fn with_small_extension(self) -> Self {
        Self { has_small_extension: true, ..self }
    }

    fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Whether the version has every kind of file that the unit cannot do without.
    pub(crate) fn exists_in(&self, version: &Version) -> bool {
        let kinds = self.sheets().into_iter().map(|sheet| sheet.kind);
        kinds.filter(|kind| *kind != FileKind::PlanTable3).all(|kind| version.has(kind))
    }

    /// The files of those sheets that the version has.
    pub(crate) fn files(&self, version: &Version, sequence: &str) -> Vec<AnswerFile> {
        let sequence = self.sequence.unwrap_or(sequence);
        let mut files = vec![];
        for sheet in self.sheets() {
            let Some(mut records) = sheet::cells(&sheet, version) else { continue };
            let cells = records.iter_mut().flatten();
            for cell in cells.filter(|cell| cell.value == FIRST_PICTURE) {
                cell.value = self.picture_name(1, version, sequence);
            }
            let mut name = self.name(sheet.kind, version, sequence).to_string();
            if self.has_small_extension {
                name = name.replace(".CSV", ".csv");
            }
            files.push(AnswerFile::of_records(name, records));
        }
        for (bytes, branch) in self.pictures.iter().zip(1..) {
            let name = self.picture_name(branch, version, sequence);
            files.push(AnswerFile::of_bytes(name, bytes.clone()));
        }
        files
    }

    fn picture_name(&self, branch: u16, version: &Version, sequence: &str) -> String {
        let name = self.name(FileKind::PersonRecordImage, version, sequence);
        FileName { branch: Some(branch), ..name }.to_string()
    }

    fn name(&self, kind: FileKind, version: &Version, sequence: &str) -> FileName {
        let goes_with_a_plan = !matches!(self.content, Content::Slip(_));
        let month = match kind {
            FileKind::Supplement if goes_with_a_plan => Some(NameMonth::Zero),
            _ => kind.has_month().then_some(NameMonth::Of(self.month)),
        };
        let has_kinds = version.names_have_kinds;
        let party = |office: Office| Party {
            office: office.number.parse::<OfficeNumber>().expect("the cast's numbers are sound"),
            kind: has_kinds
                .then(|| office.kind.parse::<ServiceKind>().expect("the cast's kinds are sound")),
        };
        let sequence = sequence.parse().expect("the book's sequences are fourteen digits");
        FileName { kind, month, from: party(self.from), to: party(self.to), sequence, branch: None }
    }

    /// The records, with what every one of them has.
    pub(crate) fn sheets(&self) -> Vec<Sheet> {
        let mut sheets = match &self.content {
            Content::Slip(people) => self.slip_sheets(people),
            Content::Results(people) => {
                vec![Sheet { kind: FileKind::Results, lines: self.rows(people) }]
            }
            Content::Sheets(sheets) => sheets.clone(),
        };
        for change in &self.changes {
            let of_kind = sheets.iter_mut().filter(|sheet| sheet.kind == change.kind);
            for line in of_kind.flat_map(|sheet| sheet.lines.iter_mut().enumerate()) {
                let (at, line) = line;
                if change.record.is_none_or(|record| record == at + 1) {
                    line.set(change.item, change.value.clone());
                }
            }
        }
        sheets
    }

    fn slip_sheets(&self, people: &[PersonMonth]) -> Vec<Sheet> {
        let mut table_7 = vec![];
        let mut supplements = vec![];
        for of in people {
            let annex = annex(of, self.month);
            supplements.push(supplement(of, &annex, self.month, self.from));
            let whole = |line: Line| {
                let line = self.made(line, &of.person);
                line.put("事業所コード", OfficeNumber::TOTAL)
                    .put("更新業者コード", self.from.number)
            };
            table_7.extend(annex.lines.into_iter().map(whole));
        }
        vec![
            Sheet { kind: FileKind::Slip, lines: self.rows(people) },
            Sheet { kind: FileKind::SlipAnnex, lines: table_7 },
            Sheet { kind: FileKind::Supplement, lines: supplements },
        ]
    }

    /// The rows of 第6表: person by person, service by service, day by day.
    fn rows(&self, people: &[PersonMonth]) -> Vec<Line> {
        let mut rows = vec![];
        for of in people {
            for service in of.services.iter().flat_map(Service::parts) {
                let dates = service.dates(self.month);
                rows.extend(dates.into_iter().map(|date| self.row(&of.person, &service, date)));
            }
        }
        rows
    }

    fn row(&self, person: &Person, service: &Service, date: Date) -> Line {
        let Service { office, code, thing, .. } = *service;
        let days_before = service.days_before.map_or_else(String::new, |days| days.to_string());
        self.made(Line::default(), person)
            .put("プラン担当業者コード", self.planner.number)
            .put("プラン担当者名", "見本　専門員")
            .put("単位数", service.units_after())
            .put("前月までの短期入所利用日数", days_before)
            .put("サービス利用日", date)
            .put("日割対象日", service.day_map())
            .put("サービス開始時刻", service.start)
            .put("サービス終了時刻", service.end)
            .put("サービス回数", service.times)
            .put("サービスコード", code)
            .put("TAISコード", thing.tais)
            .put("福祉用具届出コード", thing.notified)
            .put("用具名称（機種名）", thing.name)
            .put("明細判別コード", service.detail)
            .put("サービス事業者コード", office.number)
            .put("サービス事業所名", office.name)
            .put("サテライト枝番", service.satellite)
            .put("３０日超区分", u8::from(service.is_over_30_days))
            .put("更新業者コード", self.updater(office).number)
    }

    /// 更新業者: of 予定 who planned, of 実績 who provided, also where a planner sends them on.
    fn updater(&self, provider: Office) -> Office {
        if matches!(self.content, Content::Results(_)) { provider } else { self.from }
    }

    fn made(&self, line: Line, person: &Person) -> Line {
        let made_on = self.month.previous().day(MADE_ON_DAY).expect("each month has a 25th");
        of_person(line, person).put("作成年月日", made_on).put("対象年月", self.month)
    }
}

/// A line with whose it is.
pub(crate) fn of_person(line: Line, person: &Person) -> Line {
    line.put("保険者番号", INSURER).put("被保険者番号", person.insured)
}

/// 補足 with a month.
fn supplement(of: &PersonMonth, annex: &Annex, month: Month, planner: Office) -> Line {
    let mut line = supplement_of(&of.person, planner)
        .put("居宅サービス計画作成（変更）日", "00000000")
        .put("対象年月", month);
    const SLOTS: [char; 9] = ['１', '２', '３', '４', '５', '６', '７', '８', '９'];
    for (slot, (kind, limit, units, over)) in SLOTS.iter().zip(&annex.kind_limits) {
        line.set(&format!("{slot}サービス種類コード"), (*kind).to_owned());
        line.set(&format!("{slot}支給限度基準額"), limit.to_string());
        line.set(&format!("{slot}合計単位数"), units.to_string());
        line.set(&format!("{slot}限度超単位数"), over.to_string());
    }
    if 0 < annex.over {
        line.set("合計限度超単位数", annex.over.to_string());
    }
    if let Some((before, with)) = annex.stay_days {
        line.set("入所前月迄利用日数", before.to_string());
        line.set("入所累積利用日数", with.to_string());
    }
    line
}

/// 補足 without the day and the month that it goes with.
pub(crate) fn supplement_of(person: &Person, planner: Office) -> Line {
    of_person(Line::default(), person)
        .put("利用者氏名フリガナ", person.kana)
        .put("利用者氏名", person.name)
        .put("利用者性別", person.sex)
        .put("利用者生年月日", person.birthday)
        .put("利用者郵便番号", "599-9999")
        .put("利用者住所１", "大阪府見本市練習町１－２")
        .put("利用者電話番号", "000-0000-0000")
        .put("認定日", "20250110")
        .put("限度額適用開始年月日", "20250201")
        .put("限度額適用終了年月日", "20270131")
        .put("認定状況区分", "2")
        .put("要介護状態区分", person.level)
        .put("区分支給限度基準額", person.limit())
        .put("同意書受付業者", planner.number)
        .put("更新業者コード", planner.number)
}
