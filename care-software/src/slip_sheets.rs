//! Records of 第6表, 第7表 and 利用者補足情報.

use careplan_standard::{Date, LineKind as CodeKind, Month, OfficeNumber, Version};

use crate::{
    annex::{AnnexLine, Benefit, LineKind, Sums},
    person::Person,
    sheet::{BadItem, Line, Values},
    slip::ServiceRow,
    week::Client,
};

/// A row of 第6表, 予定 or 実績. `updater` is the office that writes the file.
pub(crate) fn slip_line(version: &Version, row: &ServiceRow, updater: OfficeNumber) -> Line {
    let planner = row.planner.map_or_else(String::new, |planner| planner.to_string());
    Line::new(version, &row.person)
        .code("作成年月日", row.made_on)
        .code("対象年月", row.day.month())
        .code("プラン担当業者コード", planner)
        .text("プラン担当者名", &row.planner_name)
        .code("単位数", row.units)
        .code("前月までの短期入所利用日数", &row.short_stay_days)
        .code("サービス利用日", row.day)
        .code("日割対象日", &row.billed_days)
        .code("サービス開始時刻", &row.start)
        .code("サービス終了時刻", &row.end)
        .code("サービス回数", row.count)
        .code("サービスコード", &row.code)
        .code("TAISコード", &row.tais)
        .code("福祉用具届出コード", &row.equipment_code)
        .text("用具名称（機種名）", &row.equipment)
        .code("明細判別コード", &row.running_number)
        .code("サービス事業者コード", row.office)
        .text("サービス事業所名", &row.office_name)
        .code("サテライト枝番", &row.satellite)
        .code("３０日超区分", u8::from(row.is_over_30_days))
        .code("更新業者コード", updater)
}

/// A row of 第6表 as it was received.
pub(crate) fn read_slip(values: &Values<'_>) -> Result<ServiceRow, BadItem> {
    Ok(ServiceRow {
        person: values.person(),
        made_on: values.parse("作成年月日")?,
        planner: values.parse("プラン担当業者コード").ok(),
        planner_name: values.text("プラン担当者名"),
        units: values.parse("単位数")?,
        short_stay_days: values.text("前月までの短期入所利用日数"),
        day: values.parse("サービス利用日")?,
        billed_days: values.text("日割対象日"),
        start: values.text("サービス開始時刻"),
        end: values.text("サービス終了時刻"),
        count: values.parse("サービス回数")?,
        code: values.text("サービスコード"),
        tais: values.text("TAISコード"),
        equipment_code: values.text("福祉用具届出コード"),
        equipment: values.text("用具名称（機種名）"),
        running_number: values.text("明細判別コード"),
        office: values.parse("サービス事業者コード")?,
        office_name: values.text("サービス事業所名"),
        satellite: values.text("サテライト枝番"),
        is_over_30_days: values.text("３０日超区分") == "1",
    })
}

/// What the lines of one person's 第7表 have in common.
pub(crate) struct AnnexSheet<'a> {
    pub(crate) version: &'a Version,
    pub(crate) person: &'a Person,
    pub(crate) made_on: Date,
    pub(crate) month: Month,
    pub(crate) updater: OfficeNumber,
    /// Hundredths of a yen.
    pub(crate) unit_price: u32,
    /// Days of short stays: before this month, and in it.
    pub(crate) stay: Option<(u32, u32)>,
}

/// 前月までの短期入所利用日数 and the days of this month, of a person with short stays.
pub(crate) fn stay_days(rows: &[&ServiceRow]) -> Option<(u32, u32)> {
    let stays = rows.iter().filter(|row| !row.short_stay_days.is_empty());
    let before = stays.clone().find_map(|row| row.short_stay_days.parse().ok())?;
    Some((before, stays.map(|row| row.count).sum()))
}

impl AnnexSheet<'_> {
    /// A line of 第7表.
    pub(crate) fn line(&self, line: &AnnexLine) -> Line {
        let sums = &line.sums;
        let price = format!("{}.{:02}", self.unit_price / 100, self.unit_price % 100);
        let (rate, share) = match self.benefit(line) {
            Benefit::Rate(percent) => (percent.to_string(), String::new()),
            Benefit::Share(yen) => (String::new(), yen.to_string()),
        };
        let row = match &line.kind {
            LineKind::Service(row) => Some(row),
            LineKind::Subtotal { .. } | LineKind::Total => None,
        };
        let is_over_30_days = row.is_some_and(|row| row.is_over_30_days);
        let is_stay = row.is_some_and(|row| !row.short_stay_days.is_empty());
        let (before, stayed) = self.stay.filter(|_| is_stay).unwrap_or_default();
        let head = self.head(line).code("回数／日数", sums.times);
        let counted = if is_over_30_days { head } else { limited(head, sums) };
        counted
            .code("単位数単価", price)
            .code("費用総額保険／事業対象分", sums.cost)
            .code("給付率", rate)
            .code("保険／事業費請求額", sums.claim)
            .code("定額利用者負担単価金額", share)
            .code("利用者負担保険／事業対象分", sums.share())
            .code("利用者負担（全額負担分）", sums.own_expense)
            .code("前月までの利用日数", before)
            .code("当月の計画利用日数", stayed)
            .code("累積利用日数", before + stayed)
            .code("３０日超区分", u8::from(is_over_30_days))
            .code("事業所コード", OfficeNumber::TOTAL)
            .code("更新業者コード", self.updater)
    }

    /// What is paid of the line; of a sum, what is paid of services that the town sets nothing for.
    fn benefit(&self, line: &AnnexLine) -> Benefit {
        match &line.kind {
            LineKind::Service(row) => Benefit::of(row.kind(), self.person),
            LineKind::Subtotal { kind, .. } => Benefit::of(kind, self.person),
            LineKind::Total => Benefit::Rate(self.person.benefit_rate),
        }
    }

    /// What the line stands for.
    fn head(&self, line: &AnnexLine) -> Line {
        let head = Line::new(self.version, &self.person.key)
            .code("作成年月日", self.made_on)
            .code("対象年月", self.month);
        match &line.kind {
            LineKind::Service(row) => head
                .text("サービス事業所名", &row.office_name)
                .code("サービス事業所コード", row.office)
                .code("サテライト枝番", &row.satellite)
                .code("サービスコード", &row.code)
                .code("TAISコード", &row.tais)
                .code("福祉用具届出コード", &row.equipment_code)
                .text("用具名称（機種名）", &row.equipment)
                .code("単位数", row.units)
                .code("サービス単位金額", row.units * line.sums.times),
            LineKind::Subtotal { office, office_name, kind } => head
                .text("サービス事業所名", office_name)
                .code("サービス事業所コード", office)
                .code("サービスコード", format!("{kind}{}", CodeKind::Limited.ending()))
                .code("単位数", 0),
            LineKind::Total => head
                .code("サービス事業所コード", OfficeNumber::TOTAL)
                .code("サービスコード", CodeKind::TOTAL_CODE)
                .code("単位数", 0),
        }
    }
}

/// The units of what the limits count; days beyond the thirtieth leave these items empty.
fn limited(line: Line, sums: &Sums) -> Line {
    line.code("給付管理単位数", sums.units)
        .code("種類支給限度基準超単位数", 0)
        .code("種類支給限度基準内単位数", sums.units)
        .code("区分支給限度基準超単位数", sums.units_over)
        .code("区分支給限度基準内単位数", sums.units_within())
}

/// What 補足 goes with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SupplementOf {
    /// 第1表–第3表: the plan's day, and month `000000`.
    Plan,
    /// 第6表 and 第7表: the month, and no day.
    Slip(Month),
}

/// A record of 利用者補足情報.
pub(crate) fn supplement_line(
    version: &Version,
    client: &Client,
    of: SupplementOf,
    manager: OfficeNumber,
) -> Line {
    let person = &client.person;
    let (written_on, month) = match of {
        SupplementOf::Plan => (client.care_plan.written_on.to_string(), "000000".to_owned()),
        SupplementOf::Slip(month) => ("00000000".to_owned(), month.to_string()),
    };
    Line::new(version, &person.key)
        .code("居宅サービス計画作成（変更）日", written_on)
        .text("利用者氏名フリガナ", &person.kana)
        .text("利用者氏名", &person.name)
        .code("利用者性別", person.sex.code())
        .code("利用者生年月日", person.birthday)
        .text("利用者郵便番号", &person.postal)
        .text("利用者住所１", &person.address)
        .text("利用者電話番号", &person.phone)
        .code("認定日", person.certified_on)
        .code("限度額適用開始年月日", person.valid_from)
        .code("限度額適用終了年月日", person.valid_to)
        .code("認定状況区分", 2)
        .code("要介護状態区分", person.care_level.code())
        .code("区分支給限度基準額", person.care_level.limit())
        .code("同意書受付業者", manager)
        .code("更新業者コード", manager)
        .code("対象年月", month)
}

/// 利用者氏名 of a received 補足.
pub(crate) fn read_name(values: &Values<'_>) -> String {
    values.text("利用者氏名")
}

/// What a record of DLTPLAN or DLTJSK withdraws, beyond the person.
pub(crate) struct Withdrawal {
    pub(crate) month: Month,
    /// サービス事業者コード and サービス種類コード, of 実績 alone.
    pub(crate) of: Option<(OfficeNumber, String)>,
}

/// A record of DLTPLAN or DLTJSK.
pub(crate) fn read_withdrawal(values: &Values<'_>) -> Result<Withdrawal, BadItem> {
    let of = if values.layout.named("サービス種類コード").is_some() {
        Some((values.parse("サービス事業者コード")?, values.text("サービス種類コード")))
    } else {
        None
    };
    Ok(Withdrawal { month: values.parse("削除対象年月")?, of })
}

#[cfg(test)]
mod tests {
    use careplan_standard::{FileKind, Standard, read_records};

    use super::*;
    use crate::{annex::annex, cast::Cast, sheet, slip::MonthlyPlan};

    fn newest() -> &'static Version {
        Standard::bundled().version("202407").expect("4.1 is bundled")
    }

    /// Somebody with every service and two leases.
    fn client_and_rows() -> (Client, Vec<ServiceRow>) {
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        let client = (0..200)
            .map(|place| Client::invent(1, place, april, &cast))
            .find(|client| client.care_plan.offices().len() == 3)
            .expect("somebody has everything");
        let rows = MonthlyPlan::of(april, std::slice::from_ref(&client), &cast).rows;
        (client, rows)
    }

    #[test]
    fn every_name_is_an_item_of_its_layout() {
        let (client, rows) = client_and_rows();
        let manager = Cast::default().manager.number;
        let layout = |kind| newest().layout(kind).expect("4.1 has the layout");
        let slip = slip_line(newest(), &rows[0], manager);
        assert_eq!(slip.unknown_names(layout(FileKind::Slip)), [""; 0]);
        let supplement = supplement_line(newest(), &client, SupplementOf::Plan, manager);
        assert_eq!(supplement.unknown_names(layout(FileKind::Supplement)), [""; 0]);
        let sheet = AnnexSheet {
            version: newest(),
            person: &client.person,
            made_on: rows[0].made_on,
            month: rows[0].day.month(),
            updater: manager,
            unit_price: 1000,
            stay: None,
        };
        for line in annex(&client.person, &rows.iter().collect::<Vec<_>>(), 1000) {
            assert_eq!(sheet.line(&line).unknown_names(layout(FileKind::SlipAnnex)), [""; 0]);
        }
    }

    #[test]
    fn a_row_that_was_written_reads_back_as_it_was() {
        let (_, rows) = client_and_rows();
        let layout = newest().layout(FileKind::Slip).expect("4.1 has 第6表");
        let own = Cast::default().manager.number;
        let lines: Vec<_> = rows.iter().map(|row| slip_line(newest(), row, own)).collect();
        let bytes = sheet::write(layout, &lines).expect("all is MS932");
        let reading = read_records(&bytes);
        let read: Result<Vec<_>, _> =
            reading.records().map(|record| read_slip(&Values { layout, record })).collect();
        assert_eq!(read, Ok(rows));
    }

    #[test]
    fn an_item_that_cannot_be_read_is_named() {
        let (_, rows) = client_and_rows();
        let layout = newest().layout(FileKind::Slip).expect("4.1 has 第6表");
        let line = slip_line(newest(), &rows[0], rows[0].office);
        let bytes = sheet::write(layout, &[line]).expect("all is MS932");
        let spoilt: Vec<u8> = String::from_utf8_lossy(&bytes)
            .replacen(&rows[0].day.to_string(), "20250499", 1)
            .into_bytes();
        let reading = read_records(&spoilt);
        let record = reading.records().next().expect("one record");
        assert_eq!(read_slip(&Values { layout, record }), Err(BadItem("サービス利用日")));
    }
}
