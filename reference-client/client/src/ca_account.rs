//! What an office arranges at the CA: its certificates, from application to renewal and loss, and,
//! for an agent, the offices that it bills for.

use careplan_protocol::{
    OfficeNumber, ProblemKind, UserId,
    ca::{
        self, AgentOffices, Applied, CertificateInfo, CertificateKind, CertificatePem,
        CertificateState, Certificates,
    },
};
use reqwest::Method;

use crate::{
    ClientError, Credentials, Terminal, home,
    wire::{Request, Wire},
};

/// A log-in at the CA, changing a 仮パスワード on the way if a new one is given.
pub struct FirstLogin {
    /// The password as it is.
    pub password: String,
    /// The password to change it to first. The change stands even if a later step fails.
    pub new_password: Option<String>,
}

/// An office's account at the CA (共通ログイン), logged in.
pub struct CaAccount {
    wire: Wire,
    token: String,
}

/// A certificate that was downloaded, with what the CA says of it.
pub(crate) struct Issued {
    pub(crate) credentials: Credentials,
    pub(crate) info: CertificateInfo,
}

impl CaAccount {
    pub(crate) async fn log_in(
        wire: Wire,
        user_id: &UserId,
        login: FirstLogin,
    ) -> Result<Self, ClientError> {
        let FirstLogin { mut password, new_password } = login;
        if let Some(new_password) = new_password {
            let change = ca::PasswordChange {
                user_id: user_id.clone(),
                old_password: password,
                new_password: new_password.clone(),
            };
            wire.execute(&Request::post(["v1", "password"]).json(&change)?.once()).await?;
            wire.settings.observer.password_changed();
            password = new_password;
        }
        let login = ca::Login { user_id: user_id.clone(), password };
        let request = Request::post(["v1", "login"]).json(&login)?;
        let ca::LoggedIn { token, .. } = wire.execute(&request).await?.json()?;
        Ok(Self { wire, token })
    }

    /// The office's certificates, oldest first.
    ///
    /// # Errors
    /// What the CA says: `session-expired`, ….
    pub async fn certificates(&self) -> Result<Vec<CertificateInfo>, ClientError> {
        let request = Request::get(["v1", "certificates"]).with_token(&self.token);
        let Certificates { certificates } = self.wire.execute(&request).await?.json()?;
        Ok(certificates)
    }

    /// 受任: the offices that this one bills for, by number.
    ///
    /// # Errors
    /// What the CA says: `session-expired`, ….
    pub async fn agent_offices(&self) -> Result<Vec<OfficeNumber>, ClientError> {
        let request = Request::get(["v1", "agent", "offices"]).with_token(&self.token);
        let AgentOffices { offices } = self.wire.execute(&request).await?.json()?;
        Ok(offices)
    }

    /// Takes an office on, at most a hundred. One that is on the list already stays there.
    ///
    /// # Errors
    /// What the CA says: `agent-offices-full`, ….
    pub async fn add_agent_office(&self, office: OfficeNumber) -> Result<(), ClientError> {
        let request = Request::new(Method::PUT, ["v1", "agent", "offices", office.as_str()]);
        self.wire.execute(&request.with_token(&self.token)).await.map(drop)
    }

    /// Takes an office off the list.
    ///
    /// # Errors
    /// What the CA says: `not-found`, ….
    pub async fn remove_agent_office(&self, office: OfficeNumber) -> Result<(), ClientError> {
        let request = Request::new(Method::DELETE, ["v1", "agent", "offices", office.as_str()]);
        self.wire.execute(&request.with_token(&self.token).once()).await.map(drop)
    }

    /// 証明書発行申請, and the download.
    pub(crate) async fn apply(&self, kind: CertificateKind) -> Result<Issued, ClientError> {
        let request = Request::post(["v1", "applications"]).json(&ca::Application { kind })?;
        self.granted(request).await
    }

    /// 更新 of the certificate of this serial number, and the download of its successor.
    pub(crate) async fn renew(&self, serial: &str) -> Result<Issued, ClientError> {
        self.granted(Request::post(["v1", "certificates", serial, "renew"])).await
    }

    /// 再発行 after a loss: revokes every certificate in force that stands for one of this kind, and
    /// downloads another like the last of them.
    pub(crate) async fn reissue(&self, kind: CertificateKind) -> Result<Issued, ClientError> {
        let mut lost = self.certificates().await?;
        lost.retain(|info| info.state == CertificateState::Issued && info.kind.stands_for(kind));
        let Some(last) = lost.pop() else { return self.apply(kind).await };
        // As long as an older one is in force, the CA issues no other.
        for older in lost {
            let request = Request::post(["v1", "certificates", &older.serial, "revoke"]);
            self.wire.execute(&request.with_token(&self.token)).await?;
        }
        self.granted(Request::post(["v1", "certificates", &last.serial, "reissue"])).await
    }

    /// Makes an application, once, and downloads what it was granted.
    async fn granted(&self, application: Request<'_>) -> Result<Issued, ClientError> {
        let answer = self.wire.execute(&application.with_token(&self.token).once()).await?;
        let Applied { id, issue_password, .. } = answer.json()?;
        let opening = ca::IssuePassword { issue_password };
        let path = ["v1", "applications", &id, "certificate.pem"];
        let request = Request::post(path).json(&opening)?.with_token(&self.token);
        let CertificatePem { certificate_chain, private_key, info } =
            self.wire.execute(&request).await?.json()?;
        let credentials = Credentials::from_pem(&certificate_chain, &private_key)?;
        Ok(Issued { credentials, info })
    }
}

impl Terminal {
    /// Logs in at the CA as this terminal's user ID. A terminal that was not enrolled there has to be
    /// told where the CA is.
    ///
    /// # Errors
    /// What the CA says: `login-failed`, `password-expired` unless a new password is given, …; or
    /// [`ClientError::Local`] if nobody said where the CA is.
    pub async fn at_ca(
        &self,
        ca_url: Option<&str>,
        login: FirstLogin,
    ) -> Result<CaAccount, ClientError> {
        let ca_url = ca_url.or(self.identity.ca_url.as_deref()).ok_or_else(no_ca)?;
        CaAccount::log_in(self.wire.elsewhere(ca_url)?, &self.identity.user_id, login).await
    }

    /// 更新: gets the successor of this terminal's certificate and shows that one from now on, from 90
    /// days before the end. The one before holds until its own end, for the office's other terminals.
    /// The session, which the hub bound to it, is over.
    ///
    /// # Errors
    /// What the CA says: `renewal-too-early`, `certificate-revoked`, `certificate-in-force` (somebody
    /// renewed it before), …; `certificate-missing`; a folder that cannot be written.
    pub async fn renew(&mut self, ca: &CaAccount) -> Result<CertificateInfo, ClientError> {
        let own = self.credentials().map(|own| own.serial().to_owned());
        let own = own.ok_or_else(|| ClientError::problem(ProblemKind::CertificateMissing))?;
        let Issued { credentials, info } = ca.renew(&own).await?;
        // Kept first: the CA issues it once.
        home::write_bytes(&self.home.path(home::CREDENTIALS), credentials.pem().as_bytes())?;
        home::remove(&self.home.path(home::SESSION))?;
        self.show_from_now_on(credentials)?;
        Ok(info)
    }
}

fn no_ca() -> ClientError {
    ClientError::input(
        "認証局のアドレスが分かりません。認証局のアドレスを指定してください",
        "it is not known where the CA is; give the CA's address",
    )
}
