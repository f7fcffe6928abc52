//! The offices' tables: as in SQLite, searched along an index each by number, prefecture and service
//! kind, and by a part of the name along the others.

use hub_relay::{Licence, Office, OfficeNumber, OfficeQuery, Prefecture, folded};
use postgres::{Row, types::ToSql};

use super::{
    rows::{get, moment, parsed},
    shelf::PgShelf,
};
use crate::{Fault, columns::milliseconds};

const COLUMNS: &str = "sought.number, name, kinds, prefecture, versions, licence_applied_at, \
     licence_until, licence_renews, free_pass_at";

impl PgShelf<'_> {
    pub(super) fn office_of(&self, number: OfficeNumber) -> Result<Option<Office>, Fault> {
        let sql = format!("SELECT {COLUMNS} FROM offices AS sought WHERE number = $1");
        self.one(&sql, &[&number.as_str()], office)
    }

    pub(super) fn counted(&self) -> Result<usize, Fault> {
        let count =
            self.one("SELECT count(*) AS count FROM offices", &[], |row| get::<i64>(row, "count"))?;
        Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0))
    }

    pub(super) fn store_office(&self, office: &Office) -> Result<(), Fault> {
        let number = office.number.as_str();
        let kinds: Vec<&str> = office.kinds.iter().map(|kind| kind.as_str()).collect();
        let licence = office.licence.as_ref();
        self.execute(
            "INSERT INTO offices (number, name, folded_name, kinds, prefecture, versions, \
             licence_applied_at, licence_until, licence_renews, free_pass_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number) DO UPDATE SET \
             name = excluded.name, folded_name = excluded.folded_name, kinds = excluded.kinds, \
             prefecture = excluded.prefecture, versions = excluded.versions, \
             licence_applied_at = excluded.licence_applied_at, \
             licence_until = excluded.licence_until, licence_renews = excluded.licence_renews, \
             free_pass_at = excluded.free_pass_at",
            &[
                &number,
                &office.name,
                &folded(&office.name),
                &kinds.join(" "),
                &office.prefecture.map(|prefecture| i64::from(prefecture.code())),
                &office.versions.join(" "),
                &licence.and_then(|licence| licence.applied_at).map(milliseconds),
                &licence.map(|licence| milliseconds(licence.until)),
                &licence.is_some_and(|licence| licence.renews),
                &licence.and_then(|licence| licence.free_pass_at).map(milliseconds),
            ],
        )?;
        self.execute("DELETE FROM office_kinds WHERE number = $1", &[&number])?;
        self.execute(
            "INSERT INTO office_kinds (kind, number) SELECT DISTINCT unnest($1::text[]), $2",
            &[&kinds, &number],
        )
    }

    pub(super) fn drop_office(&self, number: OfficeNumber) -> Result<(), Fault> {
        self.execute("DELETE FROM office_kinds WHERE number = $1", &[&number.as_str()])?;
        self.execute("DELETE FROM offices WHERE number = $1", &[&number.as_str()])
    }

    /// What a query finds, in ascending order of number: one more than a page holds, if there is.
    pub(super) fn search(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault> {
        // A space is less than every character of a number, and the last character greater.
        let after = query.after.map(|after| format!("{after} ")).unwrap_or_default();
        let start = after.max(query.number.clone());
        let end = format!("{}{}", query.number, char::MAX);
        let limit = i64::try_from(query.limit.saturating_add(1)).unwrap_or(i64::MAX);
        let kind = query.kind.map(|kind| kind.as_str().to_owned());
        let prefecture = query.prefecture.map(|prefecture| i64::from(prefecture.code()));
        let now = query.licensed_at.map(milliseconds);

        let mut tables = "offices AS sought";
        let mut conditions = vec!["sought.number >= $1 AND sought.number < $2".to_owned()];
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&start, &end, &limit];
        let mut only = |condition: &str, value| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        };
        if let Some(kind) = &kind {
            tables = "office_kinds AS sought JOIN offices ON offices.number = sought.number";
            only("kind = ?", kind);
        }
        if let Some(prefecture) = &prefecture {
            only("prefecture = ?", prefecture);
        }
        if !query.name.is_empty() {
            only("0 < strpos(folded_name, ?)", &query.name);
        }
        if let Some(now) = &now {
            let is_licensed = "coalesce(licence_applied_at <= ?, TRUE) \
                 AND (licence_renews OR ? < licence_until)";
            only(is_licensed, now);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM {tables} WHERE {} ORDER BY sought.number LIMIT $3",
            conditions.join(" AND ")
        );
        self.all(&sql, &values, office)
    }
}

fn office(row: &Row) -> Result<Office, Fault> {
    let kinds: &str = get(row, "kinds")?;
    let versions: &str = get(row, "versions")?;
    let prefecture: Option<i64> = get(row, "prefecture")?;
    let prefecture = prefecture.and_then(|code| u8::try_from(code).ok());
    Ok(Office {
        number: parsed(get(row, "number")?)?,
        name: get(row, "name")?,
        kinds: kinds.split_whitespace().map(parsed).collect::<Result<_, _>>()?,
        prefecture: prefecture.and_then(Prefecture::from_code),
        versions: versions.split_whitespace().map(str::to_owned).collect(),
        licence: licence(row)?,
    })
}

fn licence(row: &Row) -> Result<Option<Licence>, Fault> {
    let time = |column| get::<Option<i64>>(row, column)?.map(moment).transpose();
    let Some(until) = time("licence_until")? else { return Ok(None) };
    Ok(Some(Licence {
        applied_at: time("licence_applied_at")?,
        until,
        renews: get(row, "licence_renews")?,
        free_pass_at: time("free_pass_at")?,
    }))
}
