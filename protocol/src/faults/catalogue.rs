//! The catalogue: every fault with its place, what it does to whom, and what a good client does.

use std::{fmt, str::FromStr};

use careplan_standard::{Lang, Text};
use serde::{Deserialize, Serialize};

use super::{FaultOperation, FaultService};
use FaultOperation as On;

/// Where in the life of a request a fault acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultPlace {
    /// Before the request is handled: nothing has changed.
    Before,
    /// While the request's body arrives.
    BodyIn,
    /// After the request was handled and what it changed is durable.
    After,
    /// In the answer's body.
    BodyOut,
    /// In a list that is answered.
    List,
    /// In the session that the request stands on.
    Session,
    /// In what the service says of the time.
    Clock,
    /// In the connection.
    Connection,
    /// Before TLS stands.
    Tls,
    /// Between hub and CA, or in the CA itself.
    Ca,
}

/// What can be said of a fault beside scope and schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultParameter {
    /// `retry_after`: seconds for the `Retry-After` header; 0 leaves the header out.
    RetryAfter,
    /// `as_date`: whether `Retry-After` is an HTTP date instead of seconds.
    AsDate,
    /// `wait_ms`: how long it holds up, in milliseconds.
    WaitMs,
    /// `shift_s`: by how many seconds the time is wrong; negative is behind.
    ShiftS,
}

/// A fault's entry in the catalogue.
struct Entry {
    kind: FaultKind,
    id: &'static str,
    service: FaultService,
    place: FaultPlace,
    reach: &'static [FaultOperation],
    parameters: &'static [FaultParameter],
    does: Text,
    client: Text,
}

macro_rules! catalogue {
    ($($kind:ident, $id:literal, $service:ident, $place:ident, $reach:ident, [$($parameter:ident),*],
       $does_ja:literal, $does_en:literal, $client_ja:literal, $client_en:literal;)*) => {
        /// Every fault that can be armed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum FaultKind {
            $(#[doc = concat!("`", $id, "`: ", $does_en, ".")] $kind,)*
        }

        /// In the order of the variants.
        const CATALOGUE: &[Entry] = &[$(Entry {
            kind: FaultKind::$kind,
            id: $id,
            service: FaultService::$service,
            place: FaultPlace::$place,
            reach: $reach,
            parameters: &[$(FaultParameter::$parameter),*],
            does: Text { ja: $does_ja, en: $does_en },
            client: Text { ja: $client_ja, en: $client_en },
        },)*];
    };
}

const EVERY: &[FaultOperation] = &[
    On::LogIn,
    On::LogOut,
    On::Office,
    On::Directory,
    On::Submit,
    On::Sent,
    On::Claim,
    On::Deliveries,
    On::Fetch,
    On::Receipt,
    On::Release,
    On::TakeBack,
    On::Events,
    On::Other,
];
const WITHIN_SESSION: &[FaultOperation] = &[
    On::LogOut,
    On::Office,
    On::Directory,
    On::Submit,
    On::Sent,
    On::Claim,
    On::Deliveries,
    On::Fetch,
    On::Receipt,
    On::Release,
    On::TakeBack,
    On::Events,
    On::Other,
];
const JSON: &[FaultOperation] = &[
    On::LogIn,
    On::Office,
    On::Directory,
    On::Submit,
    On::Sent,
    On::Claim,
    On::Deliveries,
    On::Receipt,
    On::Release,
];
const LISTS: &[FaultOperation] = &[On::Directory, On::Sent, On::Claim, On::Deliveries];
const CHANGES: &[FaultOperation] = &[On::LogIn, On::Submit, On::Claim, On::Receipt, On::Release];
const SUBMIT: &[FaultOperation] = &[On::Submit];
const FETCH: &[FaultOperation] = &[On::Fetch];
const LOG_IN: &[FaultOperation] = &[On::LogIn];
const CONNECT: &[FaultOperation] = &[On::Connect];
const REVOCATIONS: &[FaultOperation] = &[On::Revocations];
const CA_LOG_IN: &[FaultOperation] = &[On::CaLogIn];
const CA_LIST: &[FaultOperation] = &[On::CaList];
const CA_ANY: &[FaultOperation] = &[On::CaLogIn, On::CaList, On::Other];

catalogue! {
    Refuse429, "refuse-429", Hub, Before, EVERY, [RetryAfter, AsDate],
        "処理する前に 429（要求が多すぎる）と Retry-After を返す",
        "Answers 429 with Retry-After and handles nothing",
        "Retry-After 以上待ち、端末ごとに時間をずらして送り直す",
        "Waits at least Retry-After, spread over terminals, and asks again";
    Refuse500, "refuse-500", Hub, Before, EVERY, [RetryAfter, AsDate],
        "処理する前に 500 を返す",
        "Answers 500 and handles nothing",
        "間隔を倍に広げながら、同じ Idempotency-Key で送り直す",
        "Backs off and asks again with the same Idempotency-Key";
    Refuse503, "refuse-503", Hub, Before, EVERY, [RetryAfter, AsDate],
        "処理する前に 503（停止中）と Retry-After を返す",
        "Answers 503 with Retry-After and handles nothing",
        "Retry-After 以上待って送り直す。長ければ未送信に残す",
        "Waits at least Retry-After; if that is long, keeps the sending for later";
    Gateway502, "gateway-502", Hub, Before, EVERY, [],
        "処理する前に、中継装置のように 502 と HTML を返す",
        "Answers 502 with a page of HTML, as a proxy would, and handles nothing",
        "本文を読もうとせず、状態だけで判断して送り直す",
        "Judges by the status alone and asks again";
    StorageFull, "storage-full", Hub, Before, CHANGES, [],
        "保管場所が一杯だとして 507 を返し、何も残さない",
        "Answers 507 as if the store were full, and keeps nothing",
        "消さずに残し、あとで送り直す。続けて試さない",
        "Keeps the sending and tries later, not at once";
    RequestStall, "request-stall", Hub, Before, EVERY, [WaitMs],
        "処理を始める前に黙って待つ",
        "Is silent for a while before it handles the request",
        "時間切れを決めておき、切れたら同じ要求を送り直す",
        "Has a time limit, and repeats the request after it";
    RequestDrop, "request-drop", Hub, Connection, EVERY, [],
        "要求を読まずに接続を切る",
        "Closes the connection before the request is read",
        "届いたか分からないものとして、同じ Idempotency-Key で送り直す",
        "Repeats the request with the same Idempotency-Key";
    UploadSlow, "upload-slow", Hub, BodyIn, SUBMIT, [WaitMs],
        "送信の本文を、間をおきながら少しずつ受け取る",
        "Takes the body of a sending in slowly",
        "進んでいる間は切らずに待つ",
        "Waits as long as bytes move";
    UploadCut, "upload-cut", Hub, BodyIn, SUBMIT, [],
        "送信の本文を途中まで受け取って接続を切る",
        "Closes the connection in the middle of a sending's body",
        "最初から、同じ Idempotency-Key で送り直す",
        "Sends anew from the beginning with the same Idempotency-Key";
    RequestTwice, "request-twice", Hub, Before, EVERY, [],
        "中継装置が要求を2回届けたように、同じ要求を2回処理する",
        "Handles the request twice, as if a proxy had repeated it",
        "何もしなくてよい。同じ要求は1回と同じ結果になる",
        "Nothing: a repeated request comes to the same";
    AnswerLost, "answer-lost", Hub, After, EVERY, [],
        "処理を終えて残したあと、答えずに接続を切る",
        "Handles the request, then closes the connection without an answer",
        "同じ Idempotency-Key で送り直し、最初の答えを受け取る",
        "Repeats with the same Idempotency-Key and hears the first answer";
    AnswerLate, "answer-late", Hub, After, EVERY, [WaitMs],
        "処理を終えて残したあと、答えるまで待つ",
        "Handles the request, and answers a while later",
        "時間切れを決めておき、切れたら同じ要求を送り直す",
        "Has a time limit, and repeats the request after it";
    Answer500, "answer-500", Hub, After, EVERY, [],
        "処理を終えて残したのに 500 と答える",
        "Handles the request, and says 500",
        "失敗と決めず、同じ Idempotency-Key で送り直す",
        "Does not take it for undone, and repeats with the same Idempotency-Key";
    Gateway504, "gateway-504", Hub, After, EVERY, [],
        "処理を終えて残したのに、中継装置のように 504 と HTML を返す",
        "Handles the request, and answers 504 with HTML as a proxy would",
        "失敗と決めず、同じ Idempotency-Key で送り直す",
        "Does not take it for undone, and repeats with the same Idempotency-Key";
    AnswerCut, "answer-cut", Hub, BodyOut, EVERY, [],
        "答えの本文の途中で接続を切る",
        "Closes the connection in the middle of the answer's body",
        "途中までのものを使わず、送り直す",
        "Uses nothing of a partial answer, and asks again";
    AnswerStall, "answer-stall", Hub, BodyOut, EVERY, [WaitMs],
        "答えの本文の途中で黙って待つ",
        "Is silent for a while in the middle of the answer's body",
        "本文にも時間切れを決めておく",
        "Has a time limit for the body, too";
    AnswerSlow, "answer-slow", Hub, BodyOut, EVERY, [WaitMs],
        "答えの本文を細切れに、間をおいて送る",
        "Sends the answer's body in small pieces with pauses",
        "全部そろうまで読み続ける",
        "Reads until all is there";
    AnswerGarbled, "answer-garbled", Hub, BodyOut, JSON, [],
        "処理を終えて、200 のまま JSON でない本文を返す",
        "Handles the request, and answers 200 with a page instead of JSON",
        "届いたか分からないものとして、送り直す",
        "Takes it for no answer, and asks again";
    AnswerFields, "answer-fields", Hub, BodyOut, JSON, [],
        "答えに知らない項目を加える",
        "Adds members that nobody knows to the answer",
        "知らない項目は読みとばす",
        "Ignores what it does not know";
    DownloadShort, "download-short", Hub, BodyOut, FETCH, [],
        "ファイルの終わりを欠いたまま、完結した答えとして返す",
        "Answers a file without its end, as if it were complete",
        "大きさとSHA-256を確かめ、受領せずに取得し直す",
        "Checks size and SHA-256, gives no receipt, and fetches again";
    DownloadCorrupt, "download-corrupt", Hub, BodyOut, FETCH, [],
        "ファイルの1バイトを変えて返す",
        "Changes one byte of a file",
        "SHA-256を確かめ、受領せずに取得し直す",
        "Checks the SHA-256, gives no receipt, and fetches again";
    DigestWrong, "digest-wrong", Hub, BodyOut, FETCH, [],
        "ファイルのSHA-256のヘッダーに別の値を書く",
        "Writes another SHA-256 into a file's header",
        "食い違いに気づき、受領せずに取得し直す",
        "Notices that they differ, gives no receipt, and fetches again";
    ListDuplicates, "list-duplicates", Hub, List, LISTS, [],
        "一覧の各行を2回ずつ返す",
        "Lists every entry twice",
        "IDで重複を除き、1回だけ取り込む",
        "Knows entries by their ids, and takes each once";
    ListReorder, "list-reorder", Hub, List, LISTS, [],
        "一覧の順を入れ替えて返す",
        "Lists the entries in another order",
        "順に頼らず、日時とIDで並べ直す",
        "Does not rely on the order, and sorts by time and id";
    ListStale, "list-stale", Hub, List, LISTS, [],
        "一覧から最も新しい行を除いて返す",
        "Leaves the newest entry out of a list",
        "ないと決めず、あとでもう一度見る",
        "Does not take it for absent, and looks again later";
    ListTinyPages, "list-tiny-pages", Hub, List, LISTS, [],
        "一覧を1件だけのページで返し、続きがあると言う",
        "Lists one entry a page, and says that there is more",
        "続き（next）がなくなるまで、次のページを求める",
        "Asks for page after page until there is no next";
    SessionLost, "session-lost", Hub, Session, WITHIN_SESSION, [],
        "要求の前にセッションを忘れる",
        "Forgets the session before the request",
        "ログインし直し、同じ要求を送り直す",
        "Logs in anew and repeats the request";
    SessionBrief, "session-brief", Hub, Session, LOG_IN, [],
        "ログインの答えで、セッションの期限がもう過ぎたと言う",
        "Answers a log-in with a session that is over at once",
        "ログインし直して続ける。何度も続けば間をおく",
        "Logs in anew and goes on; backs off if that repeats";
    ClockSkew, "clock-skew", Hub, Clock, EVERY, [ShiftS],
        "Date ヘッダーと、セッションの期限をずらす",
        "Shifts the Date header, and the end of a session",
        "相手の時刻に頼らない。Retry-After の日付は Date との差で読む",
        "Does not rely on it; reads a Retry-After date against the Date beside it";
    KeepAliveOff, "keep-alive-off", Hub, Connection, EVERY, [],
        "答えのたびに接続を閉じる",
        "Closes the connection after the answer",
        "つなぎ直して続ける",
        "Connects again and goes on";
    HandshakeSlow, "handshake-slow", Hub, Tls, CONNECT, [WaitMs],
        "TLSの始まりで黙って待つ",
        "Is silent for a while before TLS begins",
        "接続にも時間切れを決めておく",
        "Has a time limit for connecting";
    HandshakeRefused, "handshake-refused", Hub, Tls, CONNECT, [],
        "TLSを内部エラーの警告（internal_error）で断る",
        "Refuses TLS with the alert internal_error",
        "証明書のせいにせず、間をおいてつなぎ直す",
        "Does not blame the certificate, and connects again later";
    HandshakeCut, "handshake-cut", Hub, Tls, CONNECT, [],
        "TLSの途中で何も言わずに接続を切る",
        "Closes the connection in the handshake without a word",
        "間をおいてつなぎ直す",
        "Connects again later";
    RevocationsStale, "revocations-stale", Hub, Ca, REVOCATIONS, [],
        "基盤が失効リストを取り直さず、前のものを使い続ける",
        "The hub does not ask for the revocation list and goes on with the last one",
        "失効を届け出た証明書は、届け出たときから使わない",
        "Stops using a certificate when its revocation is asked for, not when it bites";
    CaDrop, "ca-drop", Ca, Connection, CA_ANY, [],
        "認証局が要求を読まずに接続を切る",
        "The CA closes the connection before the request is read",
        "間をおいて試し直す。申請は二重にしない",
        "Tries again later; does not apply twice";
    CaLoginDown, "ca-login-down", Ca, Ca, CA_LOG_IN, [RetryAfter, AsDate],
        "認証局の共通ログインが 503 を返す",
        "The CA's log-in answers 503",
        "パスワードの誤りと取り違えず、間をおいて試し直す",
        "Does not take it for a wrong password, and tries again later";
    CaLoginSlow, "ca-login-slow", Ca, Ca, CA_LOG_IN, [WaitMs],
        "認証局の共通ログインが遅い",
        "The CA's log-in is slow",
        "時間切れを決めておき、切れたら試し直す",
        "Has a time limit, and tries again after it";
    CaListAway, "ca-list-away", Ca, Ca, CA_LIST, [RetryAfter, AsDate],
        "認証局が失効リストに 503 を返す",
        "The CA answers 503 for the revocation list",
        "基盤は前のリストを使い続け、取れるまで試す",
        "The hub goes on with the last list and keeps asking";
    CaListStale, "ca-list-stale", Ca, Ca, CA_LIST, [],
        "認証局が、最初に出した古い失効リストを返す",
        "The CA answers the first revocation list that it gave",
        "基盤は今のリストより古いものに戻らない",
        "The hub does not go back to a list older than its own";
    CaListGarbled, "ca-list-garbled", Ca, Ca, CA_LIST, [],
        "認証局が壊れた失効リストを返す",
        "The CA answers a revocation list that cannot be read",
        "基盤は前のリストを使い続ける",
        "The hub goes on with the last list";
}

impl FaultKind {
    /// All of them, in the catalogue's order.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.kind)
    }

    /// The words that identify it for ever.
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// Who misbehaves.
    pub fn service(self) -> FaultService {
        self.entry().service
    }

    /// Where it acts.
    pub fn place(self) -> FaultPlace {
        self.entry().place
    }

    /// The operations that it can act on.
    pub fn reach(self) -> &'static [FaultOperation] {
        self.entry().reach
    }

    /// What else can be said of it.
    pub fn parameters(self) -> &'static [FaultParameter] {
        self.entry().parameters
    }

    /// What it does, to whom.
    pub fn does(self, lang: Lang) -> &'static str {
        self.entry().does.get(lang)
    }

    /// What a good client (of the CA: a good hub) does about it.
    pub fn client(self, lang: Lang) -> &'static str {
        self.entry().client.get(lang)
    }

    /// The kind of this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|kind| kind.id() == id)
    }

    fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }
}

impl FaultPlace {
    /// Where that is, for people.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ja, en) = match self {
            Self::Before => ("処理の前", "before the request is handled"),
            Self::BodyIn => ("要求の本文", "request body"),
            Self::After => ("処理の後", "after the commit"),
            Self::BodyOut => ("答えの本文", "answer"),
            Self::List => ("一覧", "list"),
            Self::Session => ("セッション", "session"),
            Self::Clock => ("時刻", "clock"),
            Self::Connection => ("接続", "connection"),
            Self::Tls => ("TLS", "TLS"),
            Self::Ca => ("認証局", "CA"),
        };
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

impl FaultParameter {
    /// Its name in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RetryAfter => "retry_after",
            Self::AsDate => "as_date",
            Self::WaitMs => "wait_ms",
            Self::ShiftS => "shift_s",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for FaultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_id(text).ok_or_else(|| {
            format!(
                "{text}: そのような障害はありません。careplan hub fault list で確かめてください / \
                 there is no such fault; see careplan hub fault list"
            )
        })
    }
}

impl TryFrom<String> for FaultKind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<FaultKind> for String {
    fn from(kind: FaultKind) -> Self {
        kind.id().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_is_found_by_its_identifier() {
        for (at, entry) in CATALOGUE.iter().enumerate() {
            assert_eq!(entry.kind as usize, at, "the catalogue is in the order of the variants");
            assert_eq!(entry.id.parse(), Ok(entry.kind));
            assert!(!entry.reach.is_empty(), "{}", entry.id);
        }
        let ids: BTreeSet<_> = FaultKind::all().map(FaultKind::id).collect();
        assert_eq!(ids.len(), CATALOGUE.len(), "an identifier stands once");
        assert!(25 <= ids.len(), "{}", ids.len());
    }

    #[test]
    fn a_fault_travels_as_its_identifier() {
        let text = serde_json::to_string(&FaultKind::AnswerLost).expect("serializes");
        assert_eq!(text, "\"answer-lost\"");
        assert_eq!(
            serde_json::from_str::<FaultKind>(&text).expect("parses"),
            FaultKind::AnswerLost
        );
        assert!(serde_json::from_str::<FaultKind>("\"no-such-fault\"").is_err());
    }
}
