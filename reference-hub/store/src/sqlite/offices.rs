//! The offices' tables: the directory is searched by number, prefecture and service kind along an
//! index each, and by a part of the name along the others.

use hub_relay::{Licence, Office, OfficeNumber, OfficeQuery, Prefecture, folded};
use rusqlite::{Row, ToSql, named_params, params};

use super::{
    rows::{Columns, parsed},
    shelf::SqlShelf,
};
use crate::{Fault, columns::milliseconds};

const COLUMNS: &str = "sought.number, name, kinds, prefecture, versions, licence_applied_at, \
     licence_until, licence_renews, free_pass_at";

impl SqlShelf<'_> {
    pub(super) fn office_of(&self, number: OfficeNumber) -> Result<Option<Office>, Fault> {
        let sql = format!("SELECT {COLUMNS} FROM offices AS sought WHERE number = ?");
        self.one(&sql, [number.as_str()], office)
    }

    pub(super) fn counted(&self) -> Result<usize, Fault> {
        let count = self.one("SELECT count(*) FROM offices", [], |row| row.get::<_, u32>(0))?;
        Ok(count.map_or(0, |count| count as usize))
    }

    pub(super) fn store_office(&self, office: &Office) -> Result<(), Fault> {
        let kinds: Vec<&str> = office.kinds.iter().map(|kind| kind.as_str()).collect();
        let licence = office.licence.as_ref();
        self.execute(
            "INSERT OR REPLACE INTO offices (number, name, folded_name, kinds, prefecture, \
             versions, licence_applied_at, licence_until, licence_renews, free_pass_at) \
             VALUES (:number, :name, :folded_name, :kinds, :prefecture, :versions, :applied_at, \
             :until, :renews, :free_pass_at)",
            named_params! {
                ":number": office.number.as_str(),
                ":name": office.name,
                ":folded_name": folded(&office.name),
                ":kinds": kinds.join(" "),
                ":prefecture": office.prefecture.map(Prefecture::code),
                ":versions": office.versions.join(" "),
                ":applied_at": licence.and_then(|licence| licence.applied_at).map(milliseconds),
                ":until": licence.map(|licence| milliseconds(licence.until)),
                ":renews": licence.is_some_and(|licence| licence.renews),
                ":free_pass_at": licence.and_then(|licence| licence.free_pass_at).map(milliseconds),
            },
        )?;
        self.execute("DELETE FROM office_kinds WHERE number = ?", [office.number.as_str()])?;
        kinds.iter().try_for_each(|kind| {
            self.execute(
                "INSERT OR IGNORE INTO office_kinds (kind, number) VALUES (?, ?)",
                params![kind, office.number.as_str()],
            )
        })
    }

    pub(super) fn drop_office(&self, number: OfficeNumber) -> Result<(), Fault> {
        self.execute("DELETE FROM office_kinds WHERE number = ?", [number.as_str()])?;
        self.execute("DELETE FROM offices WHERE number = ?", [number.as_str()])
    }

    /// What a query finds, in ascending order of number: one more than a page holds, if there is.
    pub(super) fn search(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault> {
        // A space is less than every character of a number, and the last character greater.
        let after = query.after.map(|after| format!("{after} ")).unwrap_or_default();
        let start = after.max(query.number.clone());
        let end = format!("{}{}", query.number, char::MAX);
        let limit = i64::try_from(query.limit.saturating_add(1)).unwrap_or(i64::MAX);
        let kind = query.kind.map(|kind| kind.as_str().to_owned());
        let prefecture = query.prefecture.map(Prefecture::code);
        let now = query.licensed_at.map(milliseconds);

        let mut tables = "offices AS sought";
        let mut conditions = vec!["sought.number >= :start AND sought.number < :end"];
        let mut values: Vec<(&str, &dyn ToSql)> =
            vec![(":start", &start), (":end", &end), (":limit", &limit)];
        let mut only = |condition, name, value| {
            conditions.push(condition);
            values.push((name, value));
        };
        if let Some(kind) = &kind {
            tables = "office_kinds AS sought CROSS JOIN offices ON offices.number = sought.number";
            only("kind = :kind", ":kind", kind);
        }
        if let Some(prefecture) = &prefecture {
            only("prefecture = :prefecture", ":prefecture", prefecture);
        }
        if !query.name.is_empty() {
            only("0 < instr(folded_name, :name)", ":name", &query.name);
        }
        if let Some(now) = &now {
            let is_licensed = "ifnull(licence_applied_at <= :now, TRUE) \
                 AND (licence_renews OR :now < licence_until)";
            only(is_licensed, ":now", now);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM {tables} WHERE {} ORDER BY sought.number LIMIT :limit",
            conditions.join(" AND ")
        );
        self.all(&sql, &*values, office)
    }
}

/// Reads [`COLUMNS`], in their order.
fn office(row: &Row<'_>) -> rusqlite::Result<Office> {
    let mut columns = Columns::of(row);
    let number = parsed(&columns.text()?)?;
    let name = columns.text()?;
    let (kinds, prefecture, versions) = (columns.text()?, columns.next()?, columns.text()?);
    let prefecture: Option<u8> = prefecture;
    Ok(Office {
        number,
        name,
        kinds: kinds.split_whitespace().map(parsed).collect::<rusqlite::Result<_>>()?,
        prefecture: prefecture.and_then(Prefecture::from_code),
        versions: versions.split_whitespace().map(str::to_owned).collect(),
        licence: licence(&mut columns)?,
    })
}

fn licence(columns: &mut Columns<'_>) -> rusqlite::Result<Option<Licence>> {
    let (applied_at, until) = (columns.time()?, columns.time()?);
    let (renews, free_pass_at) = (columns.next()?, columns.time()?);
    Ok(until.map(|until| Licence { applied_at, until, renews, free_pass_at }))
}
