//! Steps of what an office's care software is able to: which versions it reads and writes.

use careplan_protocol::{
    Lang,
    admin::{OfficeChange, OfficeEntry},
};
use careplan_sandbox::{
    care_software::{Edition, ExportOrder, What, home, sequence_at},
    reference_hub::Method,
};

use super::{Arguments, Step, StepResult, software, transport};
use crate::{Failure, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が介護ソフトを{版}版に入れ替える",
        example: "「みどりヘルパーステーション」が介護ソフトを「4.1」版に入れ替える",
        help: "介護ソフトがその版までを読み書きするようになり、利用事業所一覧にも載る（PUT /admin/offices）",
        run: |world, arguments| Box::pin(async move { replace(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトは、届いたファイルを取り込めず、{文}と示す",
        example: "「みどりヘルパーステーション」の介護ソフトは、届いたファイルを取り込めず、「3.2版かPDFで」と示す",
        help: "端末が取得したファイルを介護ソフトに渡し、この文のある断りで、1ファイルも取り込まないことを確かめる",
        run: |world, arguments| Box::pin(async move { cannot_import(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトは、{月}の予定を{版}では出力できず、{文}と示す",
        example: "「見本居宅介護支援センター」の介護ソフトは、「2025年5月」の予定を「4.1」では出力できず、「3.2版で出力」と示す",
        help: "作ってある予定の出力を、介護ソフトがこの文のある断りで断ることを確かめる",
        run: |world, arguments| Box::pin(async move { cannot_export(world, &arguments) }),
    },
];

async fn replace(world: &World, arguments: &Arguments) -> StepResult {
    let (office, version) = (world.office(arguments.text(0))?, arguments.text(1));
    let edition =
        Edition::up_to(version).map_err(|_| Failure::setup("標準仕様の版 4.1 か 3.2", version))?;
    home::install(&office.software, edition).map_err(ours)?;
    let change = OfficeChange {
        name: office.name.clone(),
        kinds: office.kinds.clone(),
        prefecture: None,
        versions: edition.versions().iter().map(|version| version.value.clone()).collect(),
    };
    let admin = world.sandbox()?.admin().map_err(ours)?;
    let path = format!("/admin/offices/{}", office.number);
    let changed = admin.ask(Method::PUT, &path, &change).await;
    changed
        .map(|_: OfficeEntry| ())
        .map_err(|error| Failure::unlike("登録できる", error.to_string()))
}

fn cannot_import(world: &World, arguments: &Arguments) -> StepResult {
    let (name, wanted) = (arguments.text(0), arguments.text(1));
    let office = world.office(name)?;
    let fetched = world.fetched.get(name);
    let fetched =
        fetched.ok_or_else(|| Failure::setup("先に受信してデータを取得する手順", name))?;
    let received = home::read_files(fetched).map_err(ours)?;
    let opened = software::open(office.number, &office.software)?;
    let before = opened.home().kept().map_err(ours)?;
    match opened.import(&received) {
        Ok(_) => return Err(Failure::unlike("取り込めない", "取り込めた")),
        Err(error) => says(&error.line(Lang::Ja), wanted)?,
    }
    let after = opened.home().kept().map_err(ours)?;
    transport::is_count(before.len() as u64, after.len() as u64)
}

fn cannot_export(world: &World, arguments: &Arguments) -> StepResult {
    let [name, month, version, wanted] = [0, 1, 2, 3].map(|at| arguments.text(at));
    let office = world.office(name)?;
    let order = ExportOrder {
        what: What::Slip,
        month: Some(software::month(month)?),
        version: software::version(version)?.map(str::to_owned),
        sequence: sequence_at(software::now_in_japan(&world.sandbox()?.clock())),
        to: None,
    };
    match software::open(office.number, &office.software)?.export(&order) {
        Ok(_) => Err(Failure::unlike("出力できない", "出力できた")),
        Err(error) => says(&error.line(Lang::Ja), wanted),
    }
}

fn says(said: &str, wanted: &str) -> StepResult {
    if said.contains(wanted) { Ok(()) } else { Err(Failure::unlike(wanted, said)) }
}

fn ours(error: impl std::fmt::Display) -> Failure {
    Failure::ours(error.to_string())
}
