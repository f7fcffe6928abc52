//! Where a hub keeps things, as arguments say it.

use std::{fs, path::PathBuf};

use reference_hub::{BadPlace, PostgresPlace, StoreChoice};

use crate::ui::{Stop, Ui};

/// What PostgreSQL's own programs take a password from.
const PASSWORD_VARIABLE: &str = "PGPASSWORD";

#[derive(clap::Args)]
pub(super) struct StoreArgs {
    /// 保管場所 / where to keep things: memory, sqlite:PATH, postgres://USER@HOST:PORT/DATABASE
    #[arg(long, value_name = "STORE", value_parser = parse)]
    store: StoreChoice,
    /// データベースのパスワードのファイル（なければ環境変数 PGPASSWORD）
    /// file with the database's password (else the variable PGPASSWORD)
    #[arg(long, value_name = "FILE")]
    store_password_file: Option<PathBuf>,
}

impl StoreArgs {
    /// The store, with the password if there is one.
    pub(super) fn choice(&self) -> Result<StoreChoice, Stop> {
        let StoreChoice::Postgres(place) = &self.store else { return Ok(self.store.clone()) };
        let password = match &self.store_password_file {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|error| Stop::path(path, &error))?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            None => std::env::var_os(PASSWORD_VARIABLE)
                .map(|password| password.to_string_lossy().into_owned()),
        };
        Ok(StoreChoice::Postgres(match password {
            Some(password) => place.clone().with_password(password),
            None => place.clone(),
        }))
    }

    /// Says so where what is kept leaves the machine for all to read.
    pub(super) fn warn(&self, ui: &Ui) {
        if let StoreChoice::Postgres(place) = &self.store
            && place.leaves_the_machine()
        {
            ui.note(&ui.pick(
                format!("注意: {place} との通信は暗号化されません。守られた網か、トンネルを通してください"),
                format!("note: what goes to {place} is not encrypted; use a network or a tunnel that protects it"),
            ));
        }
    }
}

/// Reads a store's name.
pub(crate) fn parse(text: &str) -> Result<StoreChoice, String> {
    let place = |text| PostgresPlace::parse(text).map(StoreChoice::Postgres).map_err(told);
    match text.split_once(':') {
        None if text == "memory" => Ok(StoreChoice::Memory),
        Some(("sqlite", path)) if !path.is_empty() => Ok(StoreChoice::Sqlite(path.into())),
        Some(("postgres" | "postgresql", _)) => place(text),
        _ => {
            Err("memory、sqlite:PATH、postgres://USER@HOST:PORT/DATABASE のどれかにしてください / \
             write memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE"
                .to_owned())
        }
    }
}

fn told(bad: BadPlace) -> String {
    match bad {
        BadPlace::Form => {
            "形は postgres://USER@HOST:PORT/DATABASE です / its form is postgres://USER@HOST:PORT/DATABASE"
        }
        BadPlace::Password => {
            "パスワードは誰にも見えないよう --store-password-file か PGPASSWORD で渡してください / \
             give the password by --store-password-file or PGPASSWORD, where nobody sees it"
        }
        BadPlace::Tls => {
            "データベースとのTLSには対応していません。同じ機械か、トンネルの先に置いてください / \
             there is no TLS to the database; keep it on this machine or behind a tunnel"
        }
    }
    .to_owned()
}
