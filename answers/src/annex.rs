//! 第7表 サービス利用票別表, computed from what is planned: nobody types a sum.
//!
//! Invariant: each subtotal and the total are the sums of the lines above them. The limit of a
//! kind, then that of the care level, is used up in the order of the lines; what no longer fits the
//! person pays alone.

use careplan_standard::{LineKind, Month, OfficeNumber};

use crate::{
    cast::Office,
    service::{Charge, PersonMonth, Service},
    sheet::Line,
};

/// 単位数単価 in the area without a supplement (その他), hundredths of a yen.
const UNIT_PRICE: u32 = 1000;

/// What a person's 第7表 adds up to, for 補足.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Annex {
    /// The lines, without what all lines of the file share.
    pub(crate) lines: Vec<Line>,
    /// Kind, limit, units and units over, of each limit per kind.
    pub(crate) kind_limits: Vec<(&'static str, u32, u32, u32)>,
    /// 区分支給限度基準超, units.
    pub(crate) over: u32,
    /// Days of short stays: before this month, and with it.
    pub(crate) stay_days: Option<(u32, u32)>,
}

/// The lines of one person's month.
pub(crate) fn annex(of: &PersonMonth, month: Month) -> Annex {
    let mut rows = rows(of, month);
    let kind_limits = use_up(&mut rows, of);
    add_shares(&mut rows, of.person.rate);
    let over = rows.iter().map(|row| row.sums.over).sum();
    let stay = rows.iter().filter_map(|row| Some((row.service.days_before?, row.sums.count)));
    let stay_days = stay.reduce(|(before, days), (_, more)| (before, days + more));
    let mut lines = vec![];
    for group in groups(&rows) {
        lines.extend(group.iter().map(|row| row.line(of.person.rate, stay_days)));
        lines.extend(subtotals(&group, &rows, of.person.rate));
    }
    let total = sum(rows.iter());
    let total_line = Line::default()
        .put("サービス事業所コード", OfficeNumber::TOTAL)
        .put("サービスコード", LineKind::TOTAL_CODE);
    lines.push(total.on(total_line, of.person.rate));
    let stay_days = stay_days.map(|(before, days)| (before, before + days));
    Annex { lines, kind_limits, over, stay_days }
}

/// Sums of a line: units and yen.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: u32,
    /// 給付管理単位数; none for what stands beside the limit.
    managed: Option<u32>,
    kind_over: u32,
    over: u32,
    /// 費用総額, of what the insurance counts.
    cost: u32,
    claim: u32,
    /// 利用者負担（全額負担分）.
    own: u32,
}

struct Row {
    service: Service,
    /// サービス単位: what is paid.
    paid: u32,
    sums: Sums,
}

/// Each code (and thing, and satellite) at an office once, with how often it stands in the month.
fn rows(of: &PersonMonth, month: Month) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![];
    for service in of.services.iter().flat_map(Service::parts) {
        let count = service.count(month);
        match rows.iter_mut().find(|row| is_same_line(&row.service, &service)) {
            Some(row) => row.sums.count += count,
            None => {
                let sums = Sums { count, ..Sums::default() };
                rows.push(Row { service, paid: 0, sums });
            }
        }
    }
    for row in &mut rows {
        row.paid = row.service.units_after() * row.sums.count;
        let is_managed = !row.service.is_over_30_days;
        row.sums.managed = match row.service.charge {
            Charge::Limited | Charge::FixedShare(_) if is_managed => Some(row.paid),
            Charge::LimitedAs(units) => Some(units * row.sums.count),
            _ => None,
        };
    }
    rows
}

fn is_same_line(one: &Service, other: &Service) -> bool {
    let key = |service: &Service| {
        let Service { office, code, units, thing, detail, satellite, .. } = *service;
        (office, code, units, thing, detail, satellite, service.is_over_30_days)
    };
    key(one) == key(other)
}

/// Uses up the limits of the kinds and of the care level; then what each line costs.
fn use_up(rows: &mut [Row], of: &PersonMonth) -> Vec<(&'static str, u32, u32, u32)> {
    let mut of_kinds = vec![];
    for (kind, limit) in &of.person.kind_limits {
        let (mut left, mut units) = (*limit, 0);
        for row in rows.iter_mut().filter(|row| row.service.kind() == *kind) {
            let managed = row.sums.managed.unwrap_or(0);
            row.sums.kind_over = managed - managed.min(left);
            left -= managed - row.sums.kind_over;
            units += managed;
        }
        of_kinds.push((*kind, *limit, units, units.saturating_sub(*limit)));
    }
    let mut left = of.person.limit();
    for row in rows.iter_mut() {
        let within_kind = row.sums.managed.unwrap_or(0) - row.sums.kind_over;
        row.sums.over = within_kind - within_kind.min(left);
        left -= within_kind - row.sums.over;
        row.pay(of.person.rate);
    }
    of_kinds
}

/// 処遇改善加算 and the like: a share of the units of the office and kind that are within the limit.
fn add_shares(rows: &mut [Row], rate: u32) {
    for at in 0..rows.len() {
        let Charge::Share(thousandths) = rows[at].service.charge else { continue };
        let Service { office, .. } = rows[at].service;
        let is_base = |row: &&Row| {
            row.service.office == office && !matches!(row.service.charge, Charge::Share(_))
        };
        let within = |row: &Row| row.paid - row.sums.kind_over - row.sums.over;
        let base: u32 = rows.iter().filter(is_base).map(within).sum();
        rows[at].paid = (base * thousandths + 500) / 1000;
        rows[at].service.units = rows[at].paid;
        rows[at].pay(rate);
    }
}

impl Row {
    /// Yen: the insured part, and what the person pays alone.
    fn pay(&mut self, rate: u32) {
        let yen = |units: u32| units * UNIT_PRICE / 100;
        if self.service.is_over_30_days {
            self.sums.own = yen(self.paid);
            return;
        }
        // Units over the limit are the limit's; of large-scale day care fewer are paid than counted.
        let over = (self.sums.kind_over + self.sums.over).min(self.paid);
        self.sums.own = yen(over);
        self.sums.cost = yen(self.paid - over);
        self.sums.claim = match self.service.charge {
            Charge::FixedShare(share) => self.sums.cost - share * self.sums.count,
            _ => self.sums.cost * rate / 100,
        };
    }

    fn line(&self, rate: u32, stay_days: Option<(u32, u32)>) -> Line {
        let Service { office, code, thing, satellite, .. } = self.service;
        let line = head(office, code)
            .put("サテライト枝番", satellite)
            .put("TAISコード", thing.tais)
            .put("福祉用具届出コード", thing.notified)
            .put("用具名称（機種名）", thing.name);
        let mut line = self
            .sums
            .on(line, rate)
            .put("単位数", self.service.units)
            .put("サービス単位金額", self.paid)
            .put("３０日超区分", u8::from(self.service.is_over_30_days));
        if let Some(percent) = self.service.discounted {
            line.set("割引後率", percent.to_string());
            line.set("割引後単位数", self.service.units_after().to_string());
        }
        if let Charge::FixedShare(share) = self.service.charge {
            line.set("定額利用者負担単価金額", share.to_string());
            line.set("給付率", String::new());
        }
        if let Some((before, days)) = stay_days.filter(|_| self.service.days_before.is_some()) {
            line.set("前月までの利用日数", before.to_string());
            line.set("当月の計画利用日数", days.to_string());
            line.set("累積利用日数", (before + days).to_string());
        }
        line
    }
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.managed = match (self.managed, other.managed) {
            (None, None) => None,
            (one, another) => Some(one.unwrap_or(0) + another.unwrap_or(0)),
        };
        self.kind_over += other.kind_over;
        self.over += other.over;
        self.cost += other.cost;
        self.claim += other.claim;
        self.own += other.own;
    }

    /// The line with these sums; of a subtotal and a total nothing else.
    fn on(&self, line: Line, rate: u32) -> Line {
        let mut line = line
            .put("単位数", 0)
            .put("回数／日数", self.count)
            .put("単位数単価", format!("{}.{:02}", UNIT_PRICE / 100, UNIT_PRICE % 100))
            .put("費用総額保険／事業対象分", self.cost)
            .put("給付率", rate)
            .put("保険／事業費請求額", self.claim)
            .put("利用者負担保険／事業対象分", self.cost - self.claim)
            .put("利用者負担（全額負担分）", self.own)
            .put("前月までの利用日数", 0)
            .put("当月の計画利用日数", 0)
            .put("累積利用日数", 0)
            .put("３０日超区分", 0);
        if let Some(managed) = self.managed {
            let within_kind = managed - self.kind_over;
            line.set("給付管理単位数", managed.to_string());
            line.set("種類支給限度基準超単位数", self.kind_over.to_string());
            line.set("種類支給限度基準内単位数", within_kind.to_string());
            line.set("区分支給限度基準超単位数", self.over.to_string());
            line.set("区分支給限度基準内単位数", (within_kind - self.over).to_string());
        }
        line
    }
}

fn sum<'a>(rows: impl Iterator<Item = &'a Row>) -> Sums {
    rows.fold(Sums::default(), |mut sums, row| {
        sums.add(&row.sums);
        sums
    })
}

fn head(office: Office, code: &str) -> Line {
    Line::default()
        .put("サービス事業所名", office.name)
        .put("サービス事業所コード", office.number)
        .put("サービスコード", code)
}

/// The rows of one kind at one office, side by side.
fn groups(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut groups: Vec<Vec<&Row>> = vec![];
    let key = |row: &Row| (row.service.office.number, row.service.kind());
    for row in rows {
        match groups.iter_mut().find(|group| key(group[0]) == key(row)) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// `AAAA` where the person has several lines of the kind within the limit, `EEEE` for those beside
/// it, `ZZZZ` for days beyond the thirtieth.
fn subtotals(group: &[&Row], all: &[Row], rate: u32) -> Vec<Line> {
    let Service { office, .. } = group[0].service;
    let kind = group[0].service.kind();
    let is_limited = |row: &Row| row.sums.managed.is_some();
    let of_kind = all.iter().filter(|row| row.service.kind() == kind && is_limited(row)).count();
    let part = |of: LineKind, rows: Vec<&Row>| {
        let line = head(office, &format!("{kind}{}", of.ending()));
        let flag = u8::from(of == LineKind::Over30Days);
        (!rows.is_empty()).then(|| sum(rows.into_iter()).on(line, rate).put("３０日超区分", flag))
    };
    let over_30 = |row: &Row| row.service.is_over_30_days;
    let chosen = |choose: &dyn Fn(&Row) -> bool| -> Vec<&Row> {
        group.iter().copied().filter(|row| choose(row)).collect()
    };
    let limited = if 1 < of_kind { chosen(&|row| is_limited(row)) } else { vec![] };
    let outside = chosen(&|row| !is_limited(row) && !over_30(row));
    let parts = [
        part(LineKind::Limited, limited),
        part(LineKind::Outside, outside),
        part(LineKind::Over30Days, chosen(&over_30)),
    ];
    parts.into_iter().flatten().collect()
}
