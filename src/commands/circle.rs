//! The whole circle as command lines: 予定 out, 実績 back, and the two compared.
//!
//! Each line can be pasted as it is. Only folders that are named after what was fetched stand as a
//! glob; every other path is written out.

use std::path::{Path, PathBuf};

use care_software::{Cast, Office};
use careplan_protocol::{Clock, Lang};
use careplan_sandbox::{Description, OfficeDescription, Sandbox};

use crate::ui::Stop;

/// The name of the cast's file in the sandbox's folder.
const CAST_FILE: &str = "cast.json";

/// Commands that belong together, in order.
pub(super) struct Group {
    ja: &'static str,
    en: &'static str,
    /// Command lines.
    pub(super) commands: Vec<String>,
}

impl Group {
    /// What they do.
    pub(super) const fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

/// Writes the offices that were started as `software plan --cast` reads them: no plan is made for
/// an office that is not there.
pub(super) fn write_cast(sandbox: &Sandbox) -> Result<(), Stop> {
    let mut offices = sandbox.offices().iter().filter_map(|office| {
        let kind = *office.kinds.first()?;
        Some(Office { number: office.number, kind, name: office.name.clone() })
    });
    let Some(manager) = offices.next() else { return Ok(()) };
    let cast = Cast { manager, services: offices.collect(), ..Cast::default() };
    let path = sandbox.folder().join(CAST_FILE);
    let text = serde_json::to_vec_pretty(&cast).map_err(Stop::ours)?;
    std::fs::write(&path, text).map_err(|error| Stop::path(&path, &error))
}

/// The circle between the first two offices.
pub(super) fn circle(description: &Description, careplan: &Path) -> Vec<Group> {
    let [manager, provider, ..] = description.offices.as_slice() else { return Vec::new() };
    let now = Clock::system().now();
    let month = format!("{:04}{:02}", now.year(), u8::from(now.month()));
    let seed = description.seed;
    let desk = |office| Desk { office, folder: &description.folder, careplan: word(careplan) };
    let (ours, theirs) = (desk(manager), desk(provider));
    let cast = word(&description.folder.join(CAST_FILE));
    vec![
        Group {
            ja: "予定を作って送る",
            en: "make a plan and send it",
            commands: vec![
                ours.software("plan", &format!("--month {month} --seed {seed} --cast {cast}")),
                ours.export("slip", provider),
                ours.send(provider),
            ],
        },
        Group {
            ja: "相手が受け取って実績を返す",
            en: "receive it at the other office, and return the results",
            commands: vec![
                theirs.fetch(),
                theirs.import(&format!("--office {} ", provider.number)),
                theirs.software("record", &format!("--seed {seed}")),
                theirs.export("results", manager),
                theirs.send(manager),
            ],
        },
        Group {
            ja: "戻った実績を突き合わせる",
            en: "compare the results that came back",
            commands: vec![
                ours.fetch(),
                ours.import(""),
                ours.software("reconcile", &format!("--month {month}")),
            ],
        },
    ]
}

/// An office's place, from where its commands are given.
struct Desk<'a> {
    office: &'a OfficeDescription,
    folder: &'a Path,
    careplan: String,
}

impl Desk<'_> {
    fn software(&self, command: &str, rest: &str) -> String {
        let home = word(&self.office.software_home);
        format!("{} software {command} --home {home} {rest}", self.careplan)
    }

    fn export(&self, what: &str, to: &OfficeDescription) -> String {
        let out = word(&self.own("outgoing"));
        self.software("export", &format!("--what {what} --out {out} --to {}", to.number))
    }

    /// A folder is named by its destination, with the service kind that V4 names carry.
    fn send(&self, to: &OfficeDescription) -> String {
        let folder = self.own("outgoing").join(format!("{}_{}", to.number, to.kinds.concat()));
        self.client("send", &word(&folder))
    }

    fn fetch(&self) -> String {
        self.client("fetch", &format!("--all --into {}", word(&self.own("received"))))
    }

    fn import(&self, office: &str) -> String {
        // A delivery's folder is named by an identifier that nobody knows yet.
        let received = word(&self.own("received"));
        self.software("import", &format!("{office}{received}{}*", std::path::MAIN_SEPARATOR))
    }

    fn client(&self, command: &str, rest: &str) -> String {
        let [home, password] =
            [&self.office.terminal_home, &self.office.password_file].map(|path| word(path));
        format!(
            "{} client {command} --home {home} --password-file {password} {rest}",
            self.careplan
        )
    }

    /// A folder of this office for one way.
    fn own(&self, way: &str) -> PathBuf {
        self.folder.join("try").join(format!("{way}-{}", self.office.number))
    }
}

/// A path as a word of a command line.
fn word(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}
