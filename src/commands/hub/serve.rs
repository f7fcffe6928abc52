//! `careplan hub serve`: the reference hub as a service of its own.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use careplan_protocol::{Clock, hub::Profile};
use clap::ValueEnum;
use reference_hub::{
    AdminConfig, AdminToken, CRL_REFRESH, Faults, Hub, HubConfig, HubFault, Keeping, StoreChoice,
};
use serde::Serialize;
use time::Duration;
use tracing_subscriber::filter::LevelFilter;

use super::{offices_file, store::StoreArgs};
use crate::{
    commands::{
        faults,
        levels::{CheckWord, ProfileWord},
    },
    ui::{CommandResult, End, Stop, Ui, block_on},
};

#[derive(clap::Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// 待ち受けるアドレス（ポート0は空きポート） / address to listen on (port 0: a free one)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// 認証局のURL / the CA's address
    #[arg(long, value_name = "URL")]
    ca: String,
    /// 認証局のルート証明書 / the CA's root certificate
    #[arg(long, value_name = "FILE.pem")]
    ca_root: PathBuf,
    /// 基盤のサーバー証明書と中間証明書 / the hub's certificate, then the issuing CA's
    #[arg(long, value_name = "FILE.pem")]
    tls_chain: PathBuf,
    /// 基盤の秘密鍵 / the hub's private key
    #[arg(long, value_name = "FILE.pem")]
    tls_key: PathBuf,
    /// 利用事業所の一覧 / offices that take part:
    /// [{"office", "name", "kinds": ["11"], "prefecture"?, "versions": ["202407"]?,
    /// "licence": {"applied_at", "plan": "ordinary"|"free-pass"?, "renews"?}? , "licence_until"?}];
    /// 日時は RFC 3339。licence も licence_until もなければライセンスなし。
    /// 保管場所にもうある事業所のライセンスは、そのまま残る
    /// / times are RFC 3339; no licence without either. What the store knows of an office's
    /// licence already stays
    #[arg(long, value_name = "FILE.json")]
    offices: PathBuf,
    /// 動作の型 / how claims and lists behave
    #[arg(long, value_enum, default_value_t = ProfileWord::Actual)]
    profile: ProfileWord,
    /// 受信したまま取得しない配信を、ほかの端末に戻すまでの分（plus）
    /// minutes until a claim without a fetch ends (plus)
    #[arg(long, value_name = "MINUTES", default_value_t = Keeping::default().lease.whole_minutes(),
          value_parser = clap::value_parser!(i64).range(1..=10_080))]
    lease: i64,
    /// データ取得済の配信を保管する日数 / days to keep what is fetched
    #[arg(long, value_name = "DAYS", default_value_t = Keeping::default().fetched.whole_days(),
          value_parser = clap::value_parser!(i64).range(1..=36_500))]
    retention_days: i64,
    /// 誰も取得しない配信を、未配信として打ち切るまでの日数
    /// days until what nobody fetches is given up, and its sender told
    #[arg(long, value_name = "DAYS", default_value_t = Keeping::default().unfetched.whole_days(),
          value_parser = clap::value_parser!(i64).range(1..=36_500))]
    undelivered_days: i64,
    /// 受け付けるときの検査 / how closely to look at what is sent
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = CheckWord::Standard)]
    check: CheckWord,
    /// 失効リストを取り直す間隔（秒） / seconds between looks at the revocation list
    #[arg(long, value_name = "SECONDS", default_value_t = CRL_REFRESH.as_secs(),
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    crl_refresh: u64,
    /// 運用の窓口のアドレス（指定しなければ開かない） / address of the admin listener (none
    /// without it)
    #[arg(long, value_name = "ADDRESS", requires = "admin_token_file")]
    admin: Option<SocketAddr>,
    /// 運用の窓口のトークンのファイル（なければ作る） / file with the admin token, made if
    /// missing
    #[arg(long, value_name = "FILE", requires = "admin")]
    admin_token_file: Option<PathBuf>,
    /// はじめから仕込む障害 / misbehaviour from the start: quiet, realistic, hostile, or a file
    #[arg(long, value_name = "PROFILE|FILE.json")]
    faults: Option<String>,
    /// 障害の偶然を決める種 / decides what is left to chance in a profile of faults
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// 監査記録のファイル（既定: SQLite のファイルの隣の .audit.jsonl。それ以外の保管場所ではなし） /
    /// file of the audit log (default: beside the SQLite file; none with other stores)
    #[arg(long, value_name = "FILE")]
    audit: Option<PathBuf>,
    /// 記録の形式 / form of the log: text, json
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// 標準エラーに出す記録の細かさ / how much of the log to write to standard error:
    /// off, error, warn, info, debug
    #[arg(long, value_name = "LEVEL", default_value_t = LevelFilter::WARN)]
    log: LevelFilter,
}

/// The form of the log.
#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// 人が読む形 / for people
    Text,
    /// 1行に1つのJSON / one JSON object a line
    Json,
}

/// The first line of `serve`.
#[derive(Serialize)]
struct Serving {
    url: String,
    profile: Profile,
    store: String,
    offices: usize,
    /// The admin listener's address, and the file with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_token_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit_file: Option<PathBuf>,
}

/// Serves until somebody ends it.
pub(super) fn serve(args: &ServeArgs, ui: &Ui) -> CommandResult {
    let config = config(args)?;
    let (store, profile, offices) = (config.store.clone(), config.profile, config.offices.len());
    let audit = config.audit.clone();
    let unlicensed = unlicensed(&config);
    start_log(args);
    block_on(async {
        let hub = Hub::start(config).await.map_err(|fault| stop(&fault))?;
        let serving = Serving {
            url: hub.url(),
            profile,
            store: store.to_string(),
            offices,
            admin_url: hub.admin_url(),
            admin_token_file: args.admin_token_file.as_deref().map(absolute),
            audit_file: audit.as_deref().map(absolute),
        };
        let end = crate::signals::asked_to_end()?;
        let told = announce(&serving, hub.address(), ui);
        if let Some(admin) = hub.admin_address() {
            note_admin(admin, ui);
        }
        args.store.warn(ui);
        if !unlicensed.is_empty() {
            ui.note(&ui.pick(
                format!(
                    "注意: 有効なライセンスのない事業所は送受信できません: {unlicensed}。licence_until を書いてください"
                ),
                format!(
                    "note: offices without a licence in force can neither send nor receive: {unlicensed}; give them a licence_until"
                ),
            ));
        }
        end.await;
        hub.stop().await;
        told
    })
}

fn start_log(args: &ServeArgs) {
    let log = tracing_subscriber::fmt().with_max_level(args.log).with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Where the audit log is, if there is to be one.
fn audit_file(args: &ServeArgs, store: &StoreChoice) -> Option<PathBuf> {
    args.audit.clone().or_else(|| match store {
        StoreChoice::Sqlite(path) => {
            let mut name = path.clone().into_os_string();
            name.push(".audit.jsonl");
            Some(name.into())
        }
        _ => None,
    })
}

/// The offices that have no licence in force now.
fn unlicensed(config: &HubConfig) -> String {
    let now = config.clock.now();
    let without = config
        .offices
        .iter()
        .filter(|office| !office.licence.is_some_and(|licence| licence.is_active(now)));
    without.map(|office| office.office.to_string()).collect::<Vec<_>>().join(", ")
}

fn announce(serving: &Serving, address: SocketAddr, ui: &Ui) -> CommandResult {
    ui.json(serving)?;
    let Serving { url, store, offices, admin_url, .. } = serving;
    let store = match store.as_str() {
        "memory" => ui.pick("メモリーだけ（終了すると消えます）", "memory only, gone at the end"),
        store => store,
    };
    let admin = admin_url.as_deref().unwrap_or_else(|| ui.pick("なし", "none"));
    ui.note(&ui.pick(
        format!(
            "基盤（模擬）を起動しました: {url}\n  保管場所: {store}\n  利用事業所: {offices}\n  運用の窓口: {admin}\n  終了するには Ctrl-C"
        ),
        format!("the reference hub listens: {url}\n  store: {store}\n  offices: {offices}\n  admin listener: {admin}\n  Ctrl-C ends it"),
    ));
    if !address.ip().is_loopback() {
        ui.note(&ui.pick(
            format!(
                "注意: {address} に届く人で、この認証局のクライアント証明書を持つ人は誰でも要求を送れます。試験以外に使わないでください"
            ),
            format!(
                "note: whoever reaches {address} with a client certificate of this CA may make requests; use it for tests only"
            ),
        ));
    }
    Ok(End::Good)
}

/// What the admin listener exposes, if more than this machine reaches it.
fn note_admin(address: SocketAddr, ui: &Ui) {
    if !address.ip().is_loopback() {
        ui.note(&ui.pick(
            format!(
                "注意: {address} に届く人で、トークンを知る人は誰でも、時計・登録・保管内容を変えられます。通信は暗号化されません"
            ),
            format!(
                "note: whoever reaches {address} and knows the token may change the clock, the offices and all that is stored; nothing is encrypted on the way"
            ),
        ));
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn admin_config(args: &ServeArgs) -> Result<Option<AdminConfig>, Stop> {
    let (Some(listen), Some(path)) = (args.admin, &args.admin_token_file) else { return Ok(None) };
    let token = AdminToken::of_file(path).map_err(|error| Stop::path(path, &error))?;
    Ok(Some(AdminConfig { listen, token }))
}

fn config(args: &ServeArgs) -> Result<HubConfig, Stop> {
    let ca_root_pem = read(&args.ca_root)?;
    let store = args.store.choice()?;
    Ok(HubConfig {
        listen: args.listen,
        audit: audit_file(args, &store),
        store,
        tls_chain_pem: read(&args.tls_chain)?,
        tls_key_pem: read(&args.tls_key)?,
        client_roots_pem: ca_root_pem.clone(),
        ca_url: args.ca.clone(),
        ca_root_pem,
        crl_refresh: std::time::Duration::from_secs(args.crl_refresh),
        profile: args.profile.into(),
        keeping: Keeping {
            lease: Duration::minutes(args.lease),
            fetched: Duration::days(args.retention_days),
            unfetched: Duration::days(args.undelivered_days),
        },
        check: args.check.into(),
        offices: offices_file::read(&args.offices)?,
        clock: Clock::system(),
        admin: admin_config(args)?,
        faults: armed(args)?,
    })
}

fn armed(args: &ServeArgs) -> Result<Faults, Stop> {
    let faults = Faults::new();
    let wanted = faults::wanted(args.faults.as_deref(), args.seed)?;
    faults.start_with(&wanted).map_err(|error| {
        let (ja, en) = error.lines();
        Stop::setup(ja, en)
    })?;
    Ok(faults)
}

fn read(path: &Path) -> Result<String, Stop> {
    fs::read_to_string(path).map_err(|error| Stop::path(path, &error))
}

fn stop(fault: &HubFault) -> Stop {
    use careplan_protocol::Lang;
    Stop::setup(fault.line(Lang::Ja), fault.line(Lang::En))
}
