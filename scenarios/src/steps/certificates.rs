//! Steps of a certificate's life: which kind, applied for, opened with its password, installed.

use std::{fs, path::Path};

use careplan_protocol::{
    Problem, ProblemKind,
    ca::{Application, Applied, CertificateInfo, CertificateKind, Login},
};
use careplan_sandbox::{
    fake_ca::{FakeCa, IssuedCertificate, Refusal},
    reference_client::{CertificateSource, Credentials, Enrolment, Settings, Terminal},
};
use tokio::task::spawn_blocking;

use super::{
    Arguments, Step, StepResult,
    accounts::password,
    transport::{outcome, refusal},
};
use crate::{
    Failure,
    clerk::Clerk,
    world::{Attempt, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が{種類}を端末に入れてログインする",
        example: "「見本居宅介護支援センター」が「代理人証明書」を端末に入れてログインする",
        help: "この種類の証明書を持つ端末をもう1台用意し、ログインしてみる。種類は証明書の名称、または「証明書なし」。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(log_in_with(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が証明書の{手続き}を申請する",
        example: "「見本居宅介護支援センター」が証明書の「再発行」を申請する",
        help: "いまのパスワードで認証局にログインし、発行・更新・再発行のどれかを申請する。再発行では、前の証明書はすぐに失効する。断られてもよく、結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(apply(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が違う証明書発行用パスワードを{数}回入力する",
        example: "「見本居宅介護支援センター」が違う証明書発行用パスワードを6回入力する",
        help: "申請した証明書を、違うパスワードで受け取ろうとする。最後の結果を次の手順で確かめる",
        run: |world, arguments| Box::pin(mistype(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}に証明書発行用パスワードが再発行される",
        example: "「見本居宅介護支援センター」に証明書発行用パスワードが再発行される",
        help: "申請した証明書を受け取るための、新しい証明書発行用パスワードを受ける。前のものは使えなくなる",
        run: |world, arguments| Box::pin(reissue_password(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が証明書を受け取り、端末に入れ直す",
        example: "「見本居宅介護支援センター」が証明書を受け取り、端末に入れ直す",
        help: "申請した証明書を証明書発行用パスワードで受け取り、最初の端末に入れ直す",
        run: |world, arguments| Box::pin(install(world, arguments)),
    },
];

async fn log_in_with(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let number = world.office(office)?.number;
    let source = match CertificateKind::ALL.into_iter().find(|kind| kind.name_ja() == name) {
        Some(kind) => {
            let issued = at_ca(world, move |ca| Ok(ca.issue_client(number, kind)?)).await?;
            CertificateSource::Installed(credentials(&issued.map_err(said)?)?)
        }
        None if name == "証明書なし" => CertificateSource::None,
        None => {
            let known: Vec<_> = CertificateKind::ALL.iter().map(|kind| kind.name_ja()).collect();
            return Err(Failure::setup(format!("{}、証明書なし", known.join("、")), name));
        }
    };
    let folder = world.office(office)?.folder.join("another").join(name);
    let mut terminal = enrol(world, office, &folder, source).await?;
    let password = password(world, office)?;
    world.attempt = Some(outcome(terminal.login(&password).await)?);
    Ok(())
}

async fn apply(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, what) = (arguments.text(0), arguments.text(1).to_owned());
    if !["発行", "更新", "再発行"].contains(&what.as_str()) {
        return Err(Failure::setup("発行・更新・再発行", what));
    }
    let login = login(world, office)?;
    let applied = at_ca(world, move |ca| {
        let token = ca.log_in(&login)?.token;
        if what == "発行" {
            return ca.apply(&token, &Application { kind: CertificateKind::CareInsurance });
        }
        let last = last_of(ca.own_certificates(&token)?.certificates)?;
        if what == "更新" {
            ca.renew(&token, &last.serial)
        } else {
            ca.reissue(&token, &last.serial)
        }
    });
    let applied = applied.await?;
    if let Ok(applied) = &applied {
        world.applications.insert(office.to_owned(), applied.clone());
    }
    note(world, applied.map(drop))
}

async fn mistype(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, times) = (arguments.text(0), arguments.number(1)?);
    let (login, applied) = (login(world, office)?, applied(world, office)?);
    let last = at_ca(world, move |ca| {
        let token = ca.log_in(&login)?.token;
        let mut last = Ok(());
        for _ in 0..times {
            last = ca.download(&token, &applied.id, "違うパスワード").map(drop);
        }
        last
    });
    let last = last.await?;
    note(world, last)
}

async fn reissue_password(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let (login, applied) = (login(world, office)?, applied(world, office)?);
    let anew = at_ca(world, move |ca| {
        let token = ca.log_in(&login)?.token;
        ca.reissue_issue_password(&token, &applied.id)
    });
    let anew = anew.await?.map_err(said)?;
    world.applications.insert(office.to_owned(), anew);
    Ok(())
}

async fn install(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let (login, applied) = (login(world, office)?, applied(world, office)?);
    let issued = at_ca(world, move |ca| {
        let token = ca.log_in(&login)?.token;
        ca.download(&token, &applied.id, &applied.issue_password)
    });
    let source = CertificateSource::Installed(credentials(&issued.await?.map_err(said)?)?);
    let home = world.office(office)?.terminal().map(|terminal| terminal.folder.clone());
    let home = home.ok_or_else(|| Failure::ours("端末のない事業所"))?;
    enrol(world, office, &home, source).await.map(drop)
}

/// Does something at the CA, off the asynchronous threads: it hashes passwords and signs.
async fn at_ca<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(&FakeCa) -> Result<T, Refusal> + Send + 'static,
) -> Result<Result<T, Refusal>, Failure> {
    let ca = world.sandbox()?.ca().clone();
    spawn_blocking(move || work(&ca)).await.map_err(|error| Failure::ours(error.to_string()))
}

/// Makes this folder a terminal of the office, or gives the terminal there another certificate.
pub(super) async fn enrol(
    world: &World,
    office: &str,
    folder: &Path,
    certificate: CertificateSource,
) -> Result<Clerk, Failure> {
    let sandbox = world.sandbox()?;
    let enrolment = Enrolment {
        hub_url: format!("https://{}", sandbox.hub_address()),
        root_pem: sandbox.root_pem().to_owned(),
        user_id: world.office(office)?.user_id.clone(),
        certificate,
    };
    let (clock, observer) = (sandbox.clock(), world.watcher(office));
    let settings = Settings { clock, observer, ..Settings::default() };
    fs::create_dir_all(folder).map_err(|error| Failure::ours(error.to_string()))?;
    Ok(world.clerk(Terminal::enrol(folder, enrolment, settings).await.map_err(refusal)?))
}

fn credentials(issued: &IssuedCertificate) -> Result<Credentials, Failure> {
    Credentials::from_pem(&issued.chain_pem, &issued.key_pem).map_err(refusal)
}

fn login(world: &World, office: &str) -> Result<Login, Failure> {
    let (user_id, password) = (world.office(office)?.user_id.clone(), password(world, office)?);
    Ok(Login { user_id, password })
}

fn applied(world: &World, office: &str) -> Result<Applied, Failure> {
    let applied = world.applications.get(office).cloned();
    applied.ok_or_else(|| Failure::setup("先に証明書を申請する手順", office))
}

fn last_of(mut certificates: Vec<CertificateInfo>) -> Result<CertificateInfo, Refusal> {
    certificates.pop().ok_or_else(|| ProblemKind::NotFound.into())
}

/// Notes how it went at the CA.
fn note(world: &mut World, outcome: Result<(), Refusal>) -> StepResult {
    world.attempt = Some(match outcome {
        Ok(()) => Attempt::Accepted,
        Err(Refusal::Problem(kind)) => world.refused(&Problem::new(kind)),
        Err(fault) => return Err(said(fault)),
    });
    Ok(())
}

/// The CA did something else than the step says.
fn said(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Problem(kind) => Failure::unlike("認証局が応じる", kind.id()),
        Refusal::Fault(fault) => Failure::ours(fault.to_string()),
    }
}
