//! 受信: claim, list, fetch, confirm.
//!
//! Invariant: a receipt is given only after every file of the delivery lies on the disk under its
//! name, with the size and the SHA-256 that the sender's files had, and this terminal has noted
//! where. A crash in between leaves the receipt open, and the next fetch gives it.

use std::{
    fs, io,
    path::{self, Path, PathBuf},
};

use careplan_protocol::{
    DeliveryId, ProblemKind, TerminalId,
    hub::{
        ClaimRequest, Deliveries, Delivery, DeliveryState, FILE_NAME_BYTES_MAX, File,
        TakeBackRequest,
    },
};
use careplan_standard::is_safe_file_name;
use serde::{Deserialize, Serialize};

use crate::{ClientError, Terminal, durable, expected::Expected, home, wire::Request};

/// A line of 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEntry {
    /// What the hub says of it.
    pub delivery: Delivery,
    /// Where this terminal put its files, if it has fetched them.
    pub folder: Option<PathBuf>,
}

/// A delivery whose files are here. The terminal keeps one of each; as long as the delivery in it
/// is not 取得済, the receipt is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The delivery, as the hub has it after the receipt.
    pub delivery: Delivery,
    /// The folder with its files, named by the delivery.
    pub folder: PathBuf,
    /// Its files, in the order sent.
    pub files: Vec<PathBuf>,
}

impl Terminal {
    /// Opens 受信一覧: claims what waits for the office, and lists what this terminal holds, in the
    /// order of arrival.
    ///
    /// In profile `actual` this takes *everything* that waits, and no other terminal of the office
    /// will see it; that is how the real system is documented.
    ///
    /// # Errors
    /// What the hub says.
    pub async fn inbox(&mut self) -> Result<Vec<InboxEntry>, ClientError> {
        self.ask(Request::post(["v1", "claims"])).await?;
        self.held().await
    }

    /// Opens 受信一覧 for a part of what waits (profile `plus`), and lists what this terminal holds.
    ///
    /// # Errors
    /// What the hub says: `profile-lacks`, `delivery-elsewhere`, ….
    pub async fn claim(&mut self, wanted: &ClaimRequest) -> Result<Vec<InboxEntry>, ClientError> {
        self.ask(Request::post(["v1", "claims"]).json(wanted)?).await?;
        self.held().await
    }

    /// What this terminal holds, without claiming anything.
    ///
    /// # Errors
    /// What the hub says.
    pub async fn held(&mut self) -> Result<Vec<InboxEntry>, ClientError> {
        let mut entries = Vec::new();
        for delivery in self.deliveries("terminal").await? {
            let fetched: Option<Fetched> = home::read(&self.record(&delivery.id))?;
            entries.push(InboxEntry { delivery, folder: fetched.map(|fetched| fetched.folder) });
        }
        Ok(entries)
    }

    /// Who of the office holds what, in the order of arrival (profile `plus`).
    ///
    /// # Errors
    /// What the hub says: `profile-lacks`.
    pub async fn holders(&mut self) -> Result<Vec<Delivery>, ClientError> {
        self.deliveries("office").await
    }

    /// Gives back what this terminal holds and has not confirmed (profile `plus`).
    ///
    /// # Errors
    /// What the hub says: `profile-lacks`, `delivery-elsewhere`, `delivery-fetched`, ….
    pub async fn release(&mut self, id: &DeliveryId) -> Result<Delivery, ClientError> {
        self.ask(Request::post(["v1", "deliveries", id.as_str(), "release"])).await?.json()
    }

    /// Takes back what a terminal of the office holds and has not confirmed (profile `plus`): from
    /// the one that was seen to hold it or, where none is named, the one that does now. Should that
    /// terminal come back, the hub tells it `claim-lost`.
    ///
    /// # Errors
    /// What the hub says: `profile-lacks`, `delivery-fetched`, …; `delivery-elsewhere` where another
    /// terminal has it by now.
    pub async fn take_back(
        &mut self,
        id: &DeliveryId,
        from: Option<&TerminalId>,
    ) -> Result<Delivery, ClientError> {
        let holder = match from {
            Some(from) => from.clone(),
            None => {
                let seen = self.holders().await?.into_iter().find(|delivery| delivery.id == *id);
                let seen = seen.ok_or_else(|| ClientError::problem(ProblemKind::NotFound))?;
                let Some(holder) = seen.terminal.clone() else { return Ok(seen) };
                holder
            }
        };
        // A second attempt, after an answer that was lost, must not take it from the next holder.
        let request = TakeBackRequest { holder: Some(holder) };
        let path = ["v1", "deliveries", id.as_str(), "take-back"];
        self.ask(Request::post(path).json(&request)?).await?.json()
    }

    /// All pages of a list, each delivery once and in the order of arrival, whatever the hub's.
    async fn deliveries(&mut self, scope: &str) -> Result<Vec<Delivery>, ClientError> {
        let mut deliveries = Vec::new();
        let mut after: Option<DeliveryId> = None;
        loop {
            let mut request = Request::get(["v1", "deliveries"]).query("scope", scope);
            if let Some(after) = &after {
                request = request.query("after", after.as_str());
            }
            let page: Deliveries = self.ask(request).await?.json()?;
            deliveries.extend(page.deliveries);
            // A hub that names the same page again would never end.
            if page.next.is_none() || page.next == after {
                return Ok(in_order_of_arrival(deliveries));
            }
            after = page.next;
        }
    }

    /// データ取得: brings a delivery's files into `into/ID/` and confirms the receipt.
    ///
    /// May be repeated: files that are there already are kept, a file of that name with other bytes
    /// is never overwritten.
    ///
    /// # Errors
    /// What the hub says; [`ClientError::Answer`] for an unsafe name, or bytes that are not those
    /// that were sent; [`ClientError::Local`] for the folder. No receipt is given then, and fetching
    /// again goes on where this stopped.
    pub async fn fetch(&mut self, id: &DeliveryId, into: &Path) -> Result<Fetched, ClientError> {
        let delivery: Delivery = self.get(&["v1", "deliveries", id.as_str()]).await?;
        for name in delivery.files.iter().map(|file| file.name.as_str()).chain([id.as_str()]) {
            if FILE_NAME_BYTES_MAX < name.len() || !is_safe_file_name(name) {
                return Err(self.unsafe_name(name));
            }
        }
        // The record outlives this process, whose working folder it may have been.
        let into = path::absolute(into).map_err(|error| ClientError::io(into, &error))?;
        let folder = into.join(id.as_str());
        durable::create_folder(&folder).map_err(|error| ClientError::io(&folder, &error))?;
        let mut files = Vec::new();
        for file in &delivery.files {
            files.push(self.fetch_file(&delivery, file, &folder, Known::Kept).await?);
        }
        let here = Fetched { delivery, folder, files };
        home::write(&self.record(id), &here)?;
        let delivery = match self.confirm(id).await {
            // The files lie here, but the hub does not know that this terminal ever had them.
            Err(error) if error.problem_kind() == Some(ProblemKind::FileUnfetched) => {
                for file in &here.delivery.files {
                    self.fetch_file(&here.delivery, file, &here.folder, Known::Compared).await?;
                }
                self.confirm(id).await?
            }
            outcome => outcome?,
        };
        let fetched = Fetched { delivery, ..here };
        home::write(&self.record(id), &fetched)?;
        Ok(fetched)
    }

    /// 一括取得: fetches all that this terminal holds and has not fetched; each has its outcome, in
    /// the order of arrival. What was fetched, and the hub has forgotten of it since (it was restored
    /// from a backup), is confirmed again, from the folder where its files lie.
    ///
    /// # Errors
    /// What the hub says when it is asked for the list.
    pub async fn fetch_all(
        &mut self,
        into: &Path,
    ) -> Result<Vec<Result<Fetched, ClientError>>, ClientError> {
        let mut open = Vec::new();
        for InboxEntry { delivery, .. } in self.held().await? {
            // The answer to a receipt may have been lost: the hub has it, and nobody here was told
            // of the files.
            let here: Option<Fetched> = home::read(&self.record(&delivery.id))?;
            let is_told = here.as_ref().is_none_or(|here| is_fetched(&here.delivery));
            if is_fetched(&delivery) && is_told {
                continue;
            }
            let there = here.filter(|here| here.folder.is_dir());
            let there = there.and_then(|here| here.folder.parent().map(Path::to_owned));
            open.push((delivery.id, there.unwrap_or_else(|| into.to_owned())));
        }
        let open = open.iter().map(|(id, into)| (id, into.as_path()));
        Ok(self.fetch_into(open).await)
    }

    /// As [`fetch`](Self::fetch), for several deliveries; each has its outcome, in their order. Once
    /// the hub cannot be reached, or asks for time, the rest is not tried.
    pub async fn fetch_each(
        &mut self,
        ids: &[DeliveryId],
        into: &Path,
    ) -> Vec<Result<Fetched, ClientError>> {
        self.fetch_into(ids.iter().map(|id| (id, into))).await
    }

    async fn fetch_into(
        &mut self,
        open: impl Iterator<Item = (&DeliveryId, &Path)>,
    ) -> Vec<Result<Fetched, ClientError>> {
        let mut outcomes: Vec<Result<Fetched, ClientError>> = Vec::new();
        for (id, into) in open {
            let outcome = match outcomes.last() {
                Some(Err(error)) if error.is_not_now() => Err(error.clone()),
                _ => self.fetch(id, into).await,
            };
            outcomes.push(outcome);
        }
        outcomes
    }

    /// データ取得済.
    async fn confirm(&mut self, id: &DeliveryId) -> Result<Delivery, ClientError> {
        self.ask(Request::post(["v1", "deliveries", id.as_str(), "receipt"])).await?.json()
    }

    async fn fetch_file(
        &mut self,
        delivery: &Delivery,
        file: &File,
        folder: &Path,
        known: Known,
    ) -> Result<PathBuf, ClientError> {
        let path = folder.join(&file.name);
        let is_there = is_there(&path, &file.sha256)?;
        if is_there && known == Known::Kept {
            return Ok(path);
        }
        let request = Request::get(["v1", "deliveries", delivery.id.as_str(), "files", &file.name]);
        let answer = self.ask(request.expecting(Expected::File(file))).await?;
        if is_there {
            return Ok(path);
        }
        let partial = folder.join(".partial");
        durable::write_new(&partial, &answer.body)
            .and_then(|()| durable::rename(&partial, &path))
            .map_err(|error| ClientError::io(&path, &error))?;
        Ok(path)
    }

    fn record(&self, id: &DeliveryId) -> PathBuf {
        self.home.path(home::INBOX).join(format!("{id}.json"))
    }

    fn unsafe_name(&self, name: &str) -> ClientError {
        ClientError::answer(
            self.hub_url(),
            format!("ファイル名 {name:?} は安全ではありません"),
            format!("the file name {name:?} is not safe"),
        )
    }
}

fn is_fetched(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Fetched
}

/// Each delivery once, however the hub lists them: care software imports what it is given.
fn in_order_of_arrival(mut deliveries: Vec<Delivery>) -> Vec<Delivery> {
    deliveries.sort_by(|a, b| (a.submitted_at, &a.id).cmp(&(b.submitted_at, &b.id)));
    deliveries.dedup_by(|a, b| a.id == b.id);
    deliveries
}

/// What to do about a file that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It is kept, and not fetched again.
    Kept,
    /// It is fetched again, and is the same.
    Compared,
}

/// Whether the file is there with these very bytes.
fn is_there(path: &Path, sha256: &str) -> Result<bool, ClientError> {
    match fs::read(path) {
        Ok(bytes) if durable::sha256(&bytes) == sha256 => Ok(true),
        Ok(_) => Err(ClientError::local(
            path,
            "同じ名前で中身の違うファイルがあります。上書きしません。移すか、別のフォルダを選んでください",
            "is there with other content and is not overwritten; move it or choose another folder",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(ClientError::io(path, &error)),
    }
}
