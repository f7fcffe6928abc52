//! Steps of a terminal whose computer is replaced: the backup, the new computer, what was lost.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use careplan_protocol::hub::DeliveryState;

use super::{Arguments, Step, StepResult, transport};
use crate::{Failure, Way, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}の控えを取る",
        example: "「みどりヘルパーステーション」の端末「pc-1」の控えを取る",
        help: "端末のフォルダ（登録・証明書・下書き・送受信の記録）をそのまま写しておく",
        run: |world, arguments| Box::pin(async move { back_up(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}を、控えから戻した新しいパソコンに入れ替える",
        example: "「みどりヘルパーステーション」の端末「pc-1」を、控えから戻した新しいパソコンに入れ替える",
        help: "いまの端末のフォルダを捨て、前に取った控えを置く。共有フォルダはそのまま",
        run: |world, arguments| Box::pin(async move { replace(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が取得したファイルがすべて失われる",
        example: "「みどりヘルパーステーション」が取得したファイルがすべて失われる",
        help: "事業所の端末がみな取得先にしているフォルダを空にする",
        run: |world, arguments| Box::pin(async move { lose_files(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、取得済のものをもう一度取得する",
        example: "「みどりヘルパーステーション」の端末「pc-1」が、取得済のものをもう一度取得する",
        help: "受信一覧の取得済のものを、配信IDを選んで取得し直す。1件もなければ失敗",
        run: |world, arguments| Box::pin(fetch_again(world, arguments)),
    },
];

fn back_up(world: &World, arguments: &Arguments) -> StepResult {
    let (home, backup) = places(world, arguments)?;
    // The latest backup counts.
    let emptied = if backup.exists() { fs::remove_dir_all(&backup) } else { Ok(()) };
    emptied.and_then(|()| copy(&home, &backup)).map_err(ours)
}

fn replace(world: &World, arguments: &Arguments) -> StepResult {
    let (home, backup) = places(world, arguments)?;
    if !backup.exists() {
        return Err(Failure::setup("先にこの端末の控えを取る手順", arguments.text(1)));
    }
    fs::remove_dir_all(&home).and_then(|()| copy(&backup, &home)).map_err(ours)
}

/// A terminal's folder, and where its backup is.
fn places(world: &World, arguments: &Arguments) -> Result<(PathBuf, PathBuf), Failure> {
    let (office, name) = (world.office(arguments.text(0))?, arguments.text(1));
    let home = office.terminals.iter().find(|terminal| terminal.name == name);
    let home = home.ok_or_else(|| Failure::setup("この事業所の端末", name))?;
    Ok((home.folder.clone(), office.folder.join("backups").join(name)))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &copied)?,
            false => fs::copy(&path, &copied).map(drop)?,
        }
    }
    Ok(())
}

fn lose_files(world: &World, arguments: &Arguments) -> StepResult {
    let received = &world.office(arguments.text(0))?.received;
    fs::remove_dir_all(received).and_then(|()| fs::create_dir(received)).map_err(ours)
}

async fn fetch_again(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let into = world.office(office)?.received.clone();
    let mut terminal = world.terminal(office, Some(arguments.text(1))).await?;
    let held = terminal.held().await.map_err(transport::refusal)?;
    let mut files = Vec::new();
    for delivery in held.into_iter().map(|entry| entry.delivery) {
        if delivery.state == DeliveryState::Fetched {
            let fetched = terminal.fetch(&delivery.id, &into).await;
            files.extend(fetched.map_err(transport::refusal)?.files);
        }
    }
    if files.is_empty() {
        return Err(Failure::unlike("取得済のものがある", "1件もない"));
    }
    for (name, bytes) in transport::read(&files)? {
        world.note_file(office, Way::Received, &name, &bytes);
    }
    world.fetched.insert(office.to_owned(), files);
    Ok(())
}

fn ours(error: io::Error) -> Failure {
    Failure::ours(error.to_string())
}
