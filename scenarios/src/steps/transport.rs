//! Steps of the client: send, resume, receive, look at the lists.

use std::path::PathBuf;

use careplan_protocol::{
    ProblemKind,
    hub::{DeliveryState, Submission, Submissions},
};
use careplan_sandbox::reference_client::{ClientError, Fetched, Sending, SendingFile};

use super::{Arguments, Step, StepResult, door::told, samples::same_files};
use crate::{
    Failure, Verdict, Way,
    clerk::Clerk,
    world::{Attempt, NamedBytes, World, rules_broken},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したファイルを送信する",
        example: "「見本居宅介護支援センター」が出力したファイルを送信する",
        help: "介護ソフトが直前に出力したファイル一式を端末から送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| {
            Box::pin(async move { send_written(world, arguments.text(0)).await })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が送信を再開する",
        example: "「見本居宅介護支援センター」が送信を再開する",
        help: "途切れた送信を、同じ Idempotency-Key で送り直す",
        run: |world, arguments| Box::pin(resume(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が受信してデータを取得する",
        example: "「みどりヘルパーステーション」が受信してデータを取得する",
        help: "受信一覧を開き（待っているものはこの端末が引き取り）、未取得のものをすべて取得して、データ取得済にする",
        run: |world, arguments| Box::pin(async move { receive(world, arguments.text(0)).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}に{数}件届いている",
        example: "「みどりヘルパーステーション」に1件届いている",
        help: "受信一覧を開き、まだ取得していないものがこの数だけあることを確かめる。開くと、待っているものはこの端末が引き取る（POST /v1/claims）",
        run: |world, arguments| {
            Box::pin(async move {
                let wanted = arguments.number(1)?;
                waits(world, arguments.text(0), wanted).await
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}に届いたものはない",
        example: "「みどりヘルパーステーション」に届いたものはない",
        help: "受信一覧を開き、取得していないものが1件もないことを確かめる。開くと、待っているものはこの端末が引き取る（POST /v1/claims）",
        run: |world, arguments| Box::pin(async move { waits(world, arguments.text(0), 0).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の端末{端末}の受信一覧には何も見えない",
        example: "「みどりヘルパーステーション」の端末「pc-2」の受信一覧には何も見えない",
        help: "追加した端末で受信一覧を開き、取得済のものも含めて1件もないことを確かめる。開くと、待っているものはこの端末が引き取る（POST /v1/claims）",
        run: |world, arguments| Box::pin(async move { sees_nothing(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{送信元}が送ったファイルと{送信先}が受け取ったファイルは1バイトも違わない",
        example: "「見本居宅介護支援センター」が送ったファイルと「みどりヘルパーステーション」が受け取ったファイルは1バイトも違わない",
        help: "送ったものと、取得して介護ソフトに渡したものの名前とSHA-256を突き合わせる",
        run: |world, arguments| Box::pin(async move { same_bytes(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の送信一覧ではデータ取得済になっている",
        example: "「見本居宅介護支援センター」の送信一覧ではデータ取得済になっている",
        help: "送信一覧を開き、最後に送ったものを相手が取得したことを確かめる",
        run: |world, arguments| Box::pin(is_fetched(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の送信一覧は空である",
        example: "「見本居宅介護支援センター」の送信一覧は空である",
        help: "基盤に尋ね（GET /v1/submissions）、この端末から送ったものが1件もないことを確かめる",
        run: |world, arguments| {
            Box::pin(async move { stored(world, arguments.text(0), 0).await.map(drop) })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が送ったものは基盤に{数}件ある",
        example: "「見本居宅介護支援センター」が送ったものは基盤に1件ある",
        help: "基盤に尋ね（GET /v1/submissions）、この端末から送ったものがこの数だけあることを確かめて、送信IDと送信日時を控える",
        run: |world, arguments| Box::pin(count_stored(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が送ったものは基盤で控えのとおりである",
        example: "「見本居宅介護支援センター」が送ったものは基盤で控えのとおりである",
        help: "基盤にもう一度尋ね、前に控えたものと件数・送信ID・送信日時が同じであることを確かめる",
        run: |world, arguments| Box::pin(async move { is_as_noted(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "端末は規則{規則}により、送る前に断る",
        example: "端末は規則「encoding.utf-8」により、送る前に断る",
        help: "直前の送信が端末の検査で断られ、この規則（careplan rules）が理由に挙がっていることを確かめる",
        run: |world, arguments| Box::pin(async move { checked(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "断りの理由に規則{規則}がある",
        example: "断りの理由に規則「encoding.utf-8」がある",
        help: "基盤の断りに、この規則（careplan rules）の指摘があることを確かめる",
        run: |world, arguments| Box::pin(async move { has_rule(world, &arguments) }),
    },
];

/// Sends, and expects that the hub takes it.
pub(super) async fn send(world: &mut World, office: &str, files: Vec<NamedBytes>) -> StepResult {
    let of = |(name, bytes): NamedBytes| SendingFile { name, bytes };
    send_this(world, office, Sending::new(files.into_iter().map(of).collect())).await
}

/// Sends this, be it with a message or a destination chosen by hand, and expects that the hub takes
/// it.
pub(super) async fn send_this(world: &mut World, office: &str, sending: Sending) -> StepResult {
    try_sending(world, office, sending).await?;
    is_accepted(world)
}

/// Whether the last attempt went through.
pub(super) fn is_accepted(world: &World) -> StepResult {
    match &world.attempt {
        Some(Attempt::Accepted) => Ok(()),
        other => Err(Failure::unlike("基盤が受け付ける", told(other.as_ref()))),
    }
}

/// Sends, and notes how it went.
pub(super) async fn try_to_send(
    world: &mut World,
    office: &str,
    files: Vec<NamedBytes>,
    unchecked: bool,
) -> StepResult {
    let of = |(name, bytes): NamedBytes| SendingFile { name, bytes };
    let files = files.into_iter().map(of).collect();
    try_sending(world, office, Sending { unchecked, ..Sending::new(files) }).await
}

/// Sends this, be it with a message or a destination chosen by hand, and notes how it went.
pub(super) async fn try_sending(world: &mut World, office: &str, sending: Sending) -> StepResult {
    let sent = world.terminal(office, None).await?.send(&sending).await;
    if let Ok(taken) = &sent {
        world.findings.clone_from(&taken.findings);
    }
    world.attempt = Some(outcome(sent)?);
    if matches!(world.attempt, Some(Attempt::Accepted | Attempt::CutOff)) {
        let of = |SendingFile { name, bytes }| (name, bytes);
        let files: Vec<NamedBytes> = sending.files.into_iter().map(of).collect();
        for (name, bytes) in &files {
            world.note_file(office, Way::Sent, name, bytes);
        }
        world.sent.insert(office.to_owned(), files);
    }
    Ok(())
}

/// What an office fetched last, from its disk.
pub(super) fn fetched(world: &World, office: &str) -> Result<Vec<NamedBytes>, Failure> {
    let paths = world.fetched.get(office);
    let nothing =
        || Failure::setup("先に受信してデータを取得する手順", format!("{office}は未取得"));
    read(paths.ok_or_else(nothing)?)
}

/// Reads files with their names.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<NamedBytes>, Failure> {
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match std::fs::read(path) {
            Ok(bytes) => Ok((name, bytes)),
            Err(error) => Err(Failure::ours(format!("{}: {error}", path.display()))),
        }
    };
    paths.iter().map(read).collect()
}

/// Sends what an office's software wrote last.
pub(super) async fn send_written(world: &mut World, office: &str) -> StepResult {
    let written = world.written.get(office);
    let files = written.ok_or_else(|| Failure::setup("先に介護ソフトで出力する手順", office))?;
    let files = read(files)?;
    send(world, office, files).await
}

async fn resume(world: &mut World, arguments: Arguments) -> StepResult {
    let resumed = world.terminal(arguments.text(0), None).await?.resume().await.map_err(refusal)?;
    if resumed.is_empty() {
        return Err(Failure::unlike("途切れた送信が1件ある", "1件もない"));
    }
    for one in resumed {
        one.outcome.map_err(refusal)?;
    }
    world.attempt = Some(Attempt::Accepted);
    Ok(())
}

/// Opens 受信一覧, and fetches all that is there.
pub(super) async fn receive(world: &mut World, office: &str) -> StepResult {
    let mut terminal = world.terminal(office, None).await?;
    terminal.inbox().await.map_err(refusal)?;
    fetch_held(world, office, terminal).await
}

/// Fetches all that a terminal holds, and claims nothing.
pub(super) async fn fetch_held(world: &mut World, office: &str, terminal: Clerk) -> StepResult {
    match fetch_open(world, office, terminal).await? {
        0 => Err(Failure::unlike("取得するものがある", "受信一覧に未取得のものがない")),
        _ => Ok(()),
    }
}

/// Fetches what a terminal holds and has not fetched, and says how much that was.
pub(super) async fn fetch_open(
    world: &mut World,
    office: &str,
    mut terminal: Clerk,
) -> Result<u64, Failure> {
    let into = world.office(office)?.received.clone();
    let outcomes = terminal.fetch_all(&into).await.map_err(refusal)?;
    let fetched: Vec<Fetched> = outcomes.into_iter().collect::<Result<_, _>>().map_err(refusal)?;
    let count = fetched.len() as u64;
    let files: Vec<PathBuf> = fetched.into_iter().flat_map(|one| one.files).collect();
    for (name, bytes) in read(&files)? {
        world.note_file(office, Way::Received, &name, &bytes);
    }
    world.fetched.insert(office.to_owned(), files);
    Ok(count)
}

async fn waits(world: &World, office: &str, wanted: u64) -> StepResult {
    let listed = world.terminal(office, None).await?.inbox().await.map_err(refusal)?;
    let is_new = |state: DeliveryState| state != DeliveryState::Fetched;
    let found = listed.iter().filter(|entry| is_new(entry.delivery.state)).count() as u64;
    is_count(wanted, found)
}

async fn sees_nothing(world: &World, arguments: &Arguments) -> StepResult {
    let mut terminal = world.terminal(arguments.text(0), Some(arguments.text(1))).await?;
    let listed = terminal.inbox().await.map_err(refusal)?;
    is_count(0, listed.len() as u64)
}

pub(super) fn is_count(wanted: u64, found: u64) -> StepResult {
    match found == wanted {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{wanted}件"), format!("{found}件"))),
    }
}

fn same_bytes(world: &World, arguments: &Arguments) -> StepResult {
    let (from, to) = (arguments.text(0), arguments.text(1));
    let sent = world.sent.get(from);
    let sent = sent.ok_or_else(|| Failure::setup("先に送信する手順", format!("{from}は未送信")))?;
    same_files(sent, &fetched(world, to)?)
}

async fn is_fetched(world: &mut World, arguments: Arguments) -> StepResult {
    let sent = world.terminal(arguments.text(0), None).await?.sent().await.map_err(refusal)?;
    let state = sent.first().map(|entry| entry.submission.state);
    match state {
        Some(DeliveryState::Fetched) => Ok(()),
        other => Err(Failure::unlike("データ取得済", format!("{other:?}"))),
    }
}

/// What the hub has of this office's first terminal, once it is this many: the hub's own word, not
/// the terminal's list, which knows nothing of an answer that was lost.
async fn stored(world: &World, office: &str, wanted: u64) -> Result<Vec<Submission>, Failure> {
    let mut terminal = world.terminal(office, None).await?;
    let known: Submissions = terminal.get(&["v1", "submissions"]).await.map_err(refusal)?;
    is_count(wanted, known.submissions.len() as u64)?;
    Ok(known.submissions)
}

async fn count_stored(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let stored = stored(world, office, arguments.number(1)?).await?;
    world.stored.insert(office.to_owned(), stored);
    Ok(())
}

async fn is_as_noted(world: &World, arguments: &Arguments) -> StepResult {
    let office = arguments.text(0);
    let noted = world.stored.get(office);
    let noted = noted.ok_or_else(|| Failure::setup("先に基盤での件数を確かめる手順", office))?;
    let now = stored(world, office, noted.len() as u64).await?;
    let told = |list: &[Submission]| -> String {
        let lines: Vec<_> =
            list.iter().map(|one| format!("{} {}", one.id, one.submitted_at)).collect();
        lines.join("\n")
    };
    let (before, after) = (told(noted), told(&now));
    if before == after { Ok(()) } else { Err(Failure::unlike(before, after)) }
}

fn checked(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = arguments.text(0);
    match &world.attempt {
        Some(Attempt::Checked(rules)) if rules.iter().any(|rule| rule == wanted) => Ok(()),
        other => Err(Failure::unlike(
            format!("端末の検査で断られ、規則 {wanted} がある"),
            told(other.as_ref()),
        )),
    }
}

fn has_rule(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = arguments.text(0);
    match &world.attempt {
        Some(Attempt::Refused { rules, .. }) if rules.iter().any(|rule| rule == wanted) => Ok(()),
        other => Err(Failure::unlike(
            format!("基盤に断られ、規則 {wanted} がある"),
            told(other.as_ref()),
        )),
    }
}

/// How an attempt went that might be refused.
pub(super) fn outcome<T>(result: Result<T, ClientError>) -> Result<Attempt, Failure> {
    match result {
        Ok(_) => Ok(Attempt::Accepted),
        Err(error) => attempt(&error),
    }
}

fn attempt(error: &ClientError) -> Result<Attempt, Failure> {
    Ok(match error {
        ClientError::Problem(problem) => Attempt::of(problem),
        ClientError::Check(report) => Attempt::Checked(rules_broken(&report.findings)),
        ClientError::Unreachable { .. } => Attempt::CutOff,
        other => return Err(Failure::unlike("送信の結果", other.to_string())),
    })
}

pub(super) fn refusal(error: ClientError) -> Failure {
    let failure = Failure::unlike("基盤が応じる", error.to_string());
    match error.problem_kind() {
        Some(ProblemKind::ProfileLacks) => Failure { verdict: Verdict::Unsupported, ..failure },
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use careplan_protocol::Problem;

    use super::*;

    fn problem(kind: ProblemKind) -> ClientError {
        Problem::new(kind).into()
    }

    #[test]
    fn a_hub_that_lacks_a_feature_is_not_at_fault() {
        assert_eq!(refusal(problem(ProblemKind::ProfileLacks)).verdict, Verdict::Unsupported);
        assert_eq!(refusal(problem(ProblemKind::Unavailable)).verdict, Verdict::Fail);
    }

    #[test]
    fn a_refusal_a_cut_and_a_wrong_answer_are_three_things() {
        let refused = attempt(&problem(ProblemKind::LicenceExpired)).expect("an outcome");
        assert_eq!(refused, Attempt::Refused { id: "licence-expired".to_owned(), rules: vec![] });
        let (url, reason) = ("https://127.0.0.1:1".to_owned(), "reset".to_owned());
        let cut = attempt(&ClientError::Unreachable { url: url.clone(), reason });
        assert_eq!(cut, Ok(Attempt::CutOff));
        let wrong = ClientError::Answer { url, ja: "空".to_owned(), en: "empty".to_owned() };
        assert!(attempt(&wrong).is_err());
    }
}
