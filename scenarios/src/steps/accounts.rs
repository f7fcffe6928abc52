//! Steps of an office's identity: its password's states, and certificates with a flaw.

use std::{fs, time::Duration};

use careplan_protocol::ProblemKind;
use careplan_sandbox::{
    fake_ca::{Flaw, FlawedFiles},
    reference_client::{CertificateSource, ClientError, Credentials},
};
use tokio::{task::spawn_blocking, time::sleep};

use super::{Arguments, Step, StepResult, ca_door, certificates::enrol, transport};
use crate::{
    Failure,
    world::{Attempt, World},
};

/// More wrong passwords than an account bears.
const WRONG_PASSWORDS: usize = 6;

/// How often a revoked certificate is tried until the hub has heard of it, and how long between.
const REVOCATION_TRIES: usize = 100;
const REVOCATION_PAUSE: Duration = Duration::from_millis(100);

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}がパスワードを続けて間違える",
        example: "「見本居宅介護支援センター」がパスワードを続けて間違える",
        help: "端末から違うパスワードでログインを繰り返し、アカウントがロックされるようにする",
        run: |world, arguments| Box::pin(lock(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}に仮パスワードが再発行される",
        example: "「見本居宅介護支援センター」に仮パスワードが再発行される",
        help: "認証局が新しい仮パスワードを渡す。ロックは解ける",
        run: |world, arguments| Box::pin(reissue(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}がパスワードを変更する",
        example: "「見本居宅介護支援センター」がパスワードを変更する",
        help: "いまのパスワード（仮パスワードを含む）を、事業所が選んだものに変える",
        run: |world, arguments| Box::pin(change(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}がログインする",
        example: "「見本居宅介護支援センター」がログインする",
        help: "端末から、いまのパスワードで基盤にログインしてみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(log_in(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の証明書が失効する",
        example: "「見本居宅介護支援センター」の証明書が失効する",
        help: "事業所が使っている証明書を認証局が失効させ、基盤がそれを知るまで待つ",
        run: |world, arguments| Box::pin(revoke(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が証明書の不備{不備}で接続する",
        example: "「見本居宅介護支援センター」が証明書の不備「expired」で接続する",
        help: "この不備（careplan ca flaw list）のある証明書を端末に入れて、ログインしてみる",
        run: |world, arguments| Box::pin(connect_flawed(world, arguments)),
    },
];

async fn lock(world: &mut World, arguments: Arguments) -> StepResult {
    let mut terminal = world.terminal(arguments.text(0), None).await?;
    for _ in 0..WRONG_PASSWORDS {
        match terminal.login("違うパスワード").await {
            Err(ClientError::Problem(_)) => {}
            Err(error) => return Err(transport::refusal(error)),
            Ok(()) => return Err(Failure::unlike("断られる", "ログインできた")),
        }
    }
    Ok(())
}

async fn reissue(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let (ca, user_id) = (world.sandbox()?.ca().clone(), world.office(office)?.user_id.clone());
    // Hashing a password takes its time, which the other scenarios need not wait for.
    let issued = spawn_blocking(move || ca.reissue_password(&user_id)).await;
    let password = issued.map_err(ours)?.map_err(ours)?;
    world.passwords.insert(office.to_owned(), password);
    Ok(())
}

async fn change(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let new_password = format!("{}-2", password(world, office)?);
    ca_door::granted(ca_door::change_password(world, office, &new_password).await?)?;
    world.passwords.insert(office.to_owned(), new_password);
    Ok(())
}

async fn log_in(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let password = password(world, office)?;
    let outcome = world.terminal(office, None).await?.login(&password).await;
    world.attempt = Some(transport::outcome(outcome)?);
    Ok(())
}

async fn revoke(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let number = world.office(office)?.number;
    let ca = world.sandbox()?.ca();
    for certificate in ca.certificates().map_err(ours)? {
        if certificate.office == number {
            ca.revoke(&certificate.serial).map_err(ours)?;
        }
    }
    let password = password(world, office)?;
    for _ in 0..REVOCATION_TRIES {
        let refused = world.terminal(office, None).await?.login(&password).await.err();
        if refused.and_then(|error| error.problem_kind()) == Some(ProblemKind::CertificateRevoked) {
            return Ok(());
        }
        sleep(REVOCATION_PAUSE).await;
    }
    Err(Failure::unlike("失効が基盤に伝わる", "失効した証明書として断られない"))
}

async fn connect_flawed(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let flaw = Flaw::find(name);
    let flaw = flaw.ok_or_else(|| Failure::setup("不備の名前（careplan ca flaw list）", name))?;
    let (ca, number) = (world.sandbox()?.ca().clone(), world.office(office)?.number);
    let files = spawn_blocking(move || ca.issue_flawed(flaw, number)).await;
    let files = files.map_err(ours)?.map_err(ours)?;
    let password = password(world, office)?;
    let mut terminal = match installed(&files) {
        Ok(credentials) => {
            let folder = world.office(office)?.folder.join("flawed");
            enrol(world, office, &folder, CertificateSource::Installed(credentials)).await?
        }
        Err(error) => {
            world.told.note(&error);
            world.attempt = Some(transport::outcome(Err::<(), _>(error))?);
            return Ok(());
        }
    };
    let mut attempt = transport::outcome(terminal.login(&password).await)?;
    for _ in 0..REVOCATION_TRIES {
        if attempt != Attempt::Accepted || flaw.problem != ProblemKind::CertificateRevoked {
            break;
        }
        sleep(REVOCATION_PAUSE).await;
        attempt = transport::outcome(terminal.login(&password).await)?;
    }
    world.attempt = Some(attempt);
    Ok(())
}

fn installed(files: &FlawedFiles) -> Result<Credentials, ClientError> {
    match &files.pkcs12 {
        Some((bytes, password)) => Credentials::from_pkcs12(bytes, password),
        None => Credentials::from_pem(&files.certificate, &files.key),
    }
}

/// The password that the office has now.
pub(super) fn password(world: &World, office: &str) -> Result<String, Failure> {
    if let Some(changed) = world.passwords.get(office) {
        return Ok(changed.clone());
    }
    fs::read_to_string(&world.office(office)?.password_file).map_err(ours)
}

fn ours(error: impl std::fmt::Display) -> Failure {
    Failure::ours(error.to_string())
}
