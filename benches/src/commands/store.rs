//! `store`: whether a sending costs the same however much the store holds. Fills an SQLite store
//! with small sendings, and measures at every size what hubs ask of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub_relay::{
    Caller, Claim, DeliveryId, Draft, DraftFile, Fetching, IdempotencyKey, Licence, Limits, Office,
    OfficeNumber, Party, Profile, SubmissionId, Submit, TerminalId, Terms, Wanted, examine,
};
use hub_store::{Failure, Sqlite, Store};
use time::{OffsetDateTime, macros::datetime};
use tokio::task::JoinSet;

use super::{
    line, machine, median, note,
    plot::{Axis, Line, Plot},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 保管する配信の最大数 / the most deliveries stored
    #[arg(long, default_value = "3000000")]
    most: u64,
    /// 図（SVG）を書き込むフォルダ / the folder for the plot
    #[arg(long, default_value = "docs/performance")]
    plots: PathBuf,
    /// データベースを置くフォルダ / where the database goes
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

const NOW: OffsetDateTime = datetime!(2025-04-28 17:15:02 UTC);
const OFFICES: u64 = 1_000;
/// Bytes of a sending's one file.
const BODY_BYTES: usize = 200;
/// How many sendings are under way while the store is filled.
const UNDER_WAY: u64 = 256;
/// How many are under way while it is measured, as connections are.
const TOGETHER: u64 = 16;
const MEASUREMENTS: u64 = 60;
const FILE: &str = "連絡.txt";
/// How many entries a claim answers.
const CLAIMED_MAX: usize = 100;
const TERMS: Terms = Terms { profile: Profile::Actual, lease: time::Duration::HOUR };

/// What is measured, and how it is called.
const MEASURED: [&str; 4] =
    ["受付 / accept", "受信一覧 / claim", "取得済 / receipt", "起動 / open"];

pub(crate) fn run(args: &Args) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(drive(args))
}

async fn drive(args: &Args) -> io::Result<()> {
    let folder = match &args.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let path = folder.path().join("hub.db");
    let mut filling = Filling { path: path.clone(), store: opened(&path)?, stored: 0 };
    filling.register().await?;
    line(&format!(
        "Measured on {}; {OFFICES} offices, {BODY_BYTES} bytes a sending.\n",
        machine()
    ))?;
    line(&format!(
        "| stored | {} | file MB |",
        MEASURED.map(|name| format!("{name} ms")).join(" | ")
    ))?;
    line("|--:|--:|--:|--:|--:|--:|")?;
    let mut lines = MEASURED.map(|name| Line { name: name.to_owned(), points: vec![] });
    let sizes = sizes(args.most);
    for size in &sizes {
        note(&format!("{size}"));
        filling.fill(*size).await?;
        let times = filling.measure().await?;
        let mut row = format!("| {size} |");
        for (line, time) in lines.iter_mut().zip(times) {
            line.points.push((*size as f64, time.as_secs_f64() * 1e3));
            row.push_str(&format!(" {:.2} |", time.as_secs_f64() * 1e3));
        }
        let megabytes = fs::metadata(&path)?.len() as f64 / 1e6;
        line(&format!("{row} {megabytes:.0} |"))?;
    }
    fs::create_dir_all(&args.plots)?;
    // To open is another matter, of other size.
    let [accept, claim, receipt, _] = lines;
    fs::write(args.plots.join("stored.svg"), plot(&sizes, vec![accept, claim, receipt]).svg())
}

/// 1,000 and tenfold on, up to the last.
fn sizes(most: u64) -> Vec<u64> {
    let steps = std::iter::successors(Some(1_000_u64), |size| Some(size * 10));
    steps.take_while(|size| *size < most).chain([most]).collect()
}

fn plot(sizes: &[u64], lines: Vec<Line>) -> Plot {
    let marks = sizes.iter().map(|size| (*size as f64, size.to_string())).collect();
    let most = lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y).fold(1.0, f64::max);
    Plot {
        title: ["保管数と1件の時間", "time of one operation by the number of stored deliveries"],
        x: Axis { label: "保管している配信 / stored deliveries", is_log: true, marks },
        y: Axis::up_to("ミリ秒 / milliseconds", most),
        lines,
    }
}

/// A store that grows.
struct Filling {
    path: PathBuf,
    store: Arc<Sqlite>,
    stored: u64,
}

impl Filling {
    async fn register(&self) -> io::Result<()> {
        let office = |place| Office {
            number: number(place),
            name: "見本事業所".to_owned(),
            kinds: vec!["11".parse().expect("a kind")],
            prefecture: None,
            versions: vec![],
            licence: Some(Licence::until(datetime!(2099-04-01 0:00 UTC))),
        };
        self.store.register((0..OFFICES).map(office).collect()).await.map_err(failed)
    }

    /// Stores until there are so many, all of them fetched, as all but the newest are.
    async fn fill(&mut self, size: u64) -> io::Result<()> {
        let mut under_way = JoinSet::new();
        while self.stored < size {
            if UNDER_WAY <= under_way.len() as u64 {
                settled(under_way.join_next().await)?;
            }
            under_way.spawn(self.store.submit(sending(self.stored), NOW));
            self.stored += 1;
        }
        while !under_way.is_empty() {
            settled(under_way.join_next().await)?;
        }
        // Through the store this would take three operations more for each of them.
        let connection = rusqlite::Connection::open(&self.path).map_err(io::Error::other)?;
        connection.busy_timeout(Duration::from_secs(60)).map_err(io::Error::other)?;
        let fetched = "UPDATE sendings SET holder = 'pc-1', claimed_at = 1, fetched_at = 1 \
                       WHERE fetched_at IS NULL";
        connection.execute(fetched, []).map_err(io::Error::other)?;
        Ok(())
    }

    /// The middle time of each operation: of a sending among sixteen, and of what follows on it.
    async fn measure(&mut self) -> io::Result<[Duration; 4]> {
        let mut times: [Vec<Duration>; 4] = Default::default();
        for _ in 0..MEASUREMENTS {
            let first = self.stored;
            self.stored += TOGETHER;
            let start = std::time::Instant::now();
            let mut under_way = JoinSet::new();
            (first..self.stored).for_each(|place| {
                under_way.spawn(self.store.submit(sending(place), NOW));
            });
            while !under_way.is_empty() {
                settled(under_way.join_next().await)?;
            }
            times[0].push(start.elapsed() / TOGETHER as u32);
            let caller = Caller { office: recipient(first), terminal: TerminalId::new("pc-1") };
            let start = std::time::Instant::now();
            let claim = Claim { caller: caller.clone(), wanted: Wanted::Everything, terms: TERMS };
            let held = self.store.claim(claim, CLAIMED_MAX, NOW).await.map_err(failed)?;
            times[1].push(start.elapsed());
            let newest = held.last().ok_or_else(|| io::Error::other("nothing was claimed"))?;
            let delivery = newest.delivery.clone();
            let (file, caller, terms) = (FILE.to_owned(), caller, TERMS);
            let fetching =
                Fetching { caller: caller.clone(), delivery: delivery.clone(), file, terms };
            self.store.file(fetching, NOW).await.map_err(failed)?;
            let start = std::time::Instant::now();
            self.store.receipt(caller, delivery, NOW).await.map_err(failed)?;
            times[2].push(start.elapsed());
        }
        // It is open already, and so looked through as after a crash.
        for _ in 0..5 {
            let start = std::time::Instant::now();
            drop(opened(&self.path)?);
            times[3].push(start.elapsed());
        }
        Ok(times.map(median))
    }
}

fn opened(path: &Path) -> io::Result<Arc<Sqlite>> {
    Sqlite::open(path).map(Arc::new).map_err(io::Error::other)
}

fn settled<T>(done: Option<Result<Result<T, Failure>, tokio::task::JoinError>>) -> io::Result<()> {
    match done {
        Some(Ok(Ok(_))) | None => Ok(()),
        Some(Ok(Err(failure))) => Err(failed(failure)),
        Some(Err(error)) => Err(io::Error::other(error)),
    }
}

fn failed(failure: Failure) -> io::Error {
    io::Error::other(format!("{failure:?}"))
}

fn number(place: u64) -> OfficeNumber {
    format!("27{place:08}").parse().expect("ten digits")
}

fn recipient(place: u64) -> OfficeNumber {
    number((place * 7 + 1) % OFFICES)
}

/// A small sending between two of the offices, as a hub would hand it over.
fn sending(place: u64) -> Submit {
    let sender = number(place * 11 % OFFICES);
    let to = recipient(place);
    let to = if to == sender { number((place * 7 + 2) % OFFICES) } else { to };
    let text = format!("{place:0>BODY_BYTES$}");
    let draft = Draft {
        caller: Caller { office: sender, terminal: TerminalId::new("pc-1") },
        message: String::new(),
        destination: Some(Party { office: to, kind: None }),
        files: vec![DraftFile {
            name: FILE.to_owned(),
            bytes: text.into_bytes().into(),
            sha256: [7; 32],
        }],
    };
    let limits = Limits {
        files_max: 10,
        file_bytes_max: 1 << 20,
        total_bytes_max: 1 << 20,
        message_chars_max: 100,
        name_bytes_max: 255,
    };
    // As the hub makes them: sorted by time, and nobody's guess behind that.
    let scattered = place.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Submit {
        examined: examine(draft, &limits).expect("a sending that is sound"),
        key: IdempotencyKey::new(format!("{scattered:016x}")),
        content_digest: [0; 32],
        submission: SubmissionId::new(format!("{place:012x}{scattered:020x}")),
        delivery: DeliveryId::new(format!("{place:012x}{scattered:020x}")),
    }
}
