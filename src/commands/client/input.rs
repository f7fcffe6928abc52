//! What `careplan client` is handed: secrets, texts, destinations.

use std::{
    fs,
    io::{self, BufRead, IsTerminal},
    path::Path,
};

use careplan_protocol::{OfficeNumber, Party, ServiceKind};

use crate::ui::{Stop, Ui};

/// A secret's first line: from a file, or from standard input.
pub(super) fn secret(file: Option<&Path>, ui: &Ui) -> Result<String, Stop> {
    let file = file.filter(|file| *file != Path::new("-"));
    let text = match file {
        Some(file) => read_text(file)?,
        None => {
            if io::stdin().is_terminal() {
                ui.note(ui.pick(
                    "パスワードを1行で入力してください（文字は表示されます）",
                    "type the password on one line (it will be visible)",
                ));
            }
            let mut line = String::new();
            let read = io::stdin().lock().read_line(&mut line);
            read.map_err(|error| Stop::path(Path::new("stdin"), &error))?;
            line
        }
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Stop::setup(
            "パスワードが空です。パスワードを1行目に書いたファイルを渡してください",
            "the password is empty; give a file with the password on its first line",
        )),
    }
}

pub(super) fn read_text(path: &Path) -> Result<String, Stop> {
    fs::read_to_string(path).map_err(|error| Stop::path(path, &error))
}

/// `OFFICE` or `OFFICE:KIND`.
pub(super) fn parse_party(text: &str) -> Result<Party, String> {
    let (office, kind) = match text.split_once(':') {
        Some((office, kind)) => (office, Some(kind)),
        None => (text, None),
    };
    let office: OfficeNumber = office.parse().map_err(|error| format!("{error}"))?;
    let kind: Option<ServiceKind> =
        kind.map(str::parse).transpose().map_err(|error| format!("{error}"))?;
    Ok(Party { office, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::client::show::party_text;

    #[test]
    fn a_destination_is_an_office_with_or_without_a_kind() {
        let party = parse_party("2770200036:11").expect("a party");
        assert_eq!(party_text(&party), "2770200036:11");
        assert_eq!(parse_party("2770200036").expect("a party").kind, None);
        assert!(parse_party("277020003").is_err());
        assert!(parse_party("2770200036:").is_err());
    }
}
