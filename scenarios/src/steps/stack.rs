//! Steps that start the stack of a scenario.

use std::collections::BTreeMap;

use careplan_sandbox::{
    HubMode, OfficeSpec, Store, care_software::Edition, reference_hub::PostgresPlace,
};
use private_postgres::Absence;

use super::{Arguments, Step, StepResult};
use crate::{Failure, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "標準の事業所が参加している",
        example: "標準の事業所が参加している",
        help: "認証局・基盤と、見本居宅介護支援センター・みどりヘルパーステーション・デイサービス陽だまりを起動する",
        run: |world, _| Box::pin(world.start(OfficeSpec::standard_cast(), HubMode::InProcess)),
    },
    Step {
        keyword: "前提",
        pattern: "次の事業所が参加している",
        example: "次の事業所が参加している",
        help: "下の表の事業所で起動する。列は 事業所（と、標準以外の事業所では 事業所番号・サービス種類）。版 の列に 3.2 か、どちらも読める 4.1 を書くと、介護ソフトがその版になり、利用事業所一覧に載る。空なら載らない",
        run: |world, arguments| {
            Box::pin(async move {
                let offices = arguments.records(&COLUMNS)?;
                let offices = offices.iter().map(office).collect::<Result<Vec<_>, _>>()?;
                world.start(offices, HubMode::InProcess).await
            })
        },
    },
    Step {
        keyword: "前提",
        pattern: "別プロセスの基盤に標準の事業所が参加している",
        example: "別プロセスの基盤に標準の事業所が参加している",
        help: "基盤だけを別のプロセスとして起動する（強制終了できる）。保管場所はファイル",
        run: |world, _| Box::pin(start_process(world)),
    },
    Step {
        keyword: "前提",
        pattern: "PostgreSQLに保管する別プロセスの基盤に標準の事業所が参加している",
        example: "PostgreSQLに保管する別プロセスの基盤に標準の事業所が参加している",
        help: "このシナリオだけのPostgreSQLを起動し、その上で基盤を別のプロセスとして起動する。PostgreSQLがインストールされていなければ「対応外」",
        run: |world, _| Box::pin(start_on_postgres(world)),
    },
    Step {
        keyword: "前提",
        pattern: "{事業所}にもう1台の端末{端末}を置く",
        example: "「みどりヘルパーステーション」にもう1台の端末「pc-2」を置く",
        help: "同じ事業所の証明書とユーザIDで、端末をもう1台登録する",
        run: |world, arguments| Box::pin(add_terminal(world, arguments)),
    },
];

async fn start_process(world: &mut World) -> StepResult {
    let binary = world.settings()?.careplan.clone();
    world.start(OfficeSpec::standard_cast(), HubMode::Process { binary }).await
}

async fn start_on_postgres(world: &mut World) -> StepResult {
    let binary = world.settings()?.careplan.clone();
    // A server takes seconds to start; the other scenarios go on meanwhile.
    let database = tokio::task::spawn_blocking(private_postgres::new_database).await;
    let database = database.map_err(|error| Failure::ours(error.to_string()))?;
    let url = database.map_err(|absence| match absence {
        Absence::NotInstalled => Failure::unsupported("PostgreSQL", absence.to_string()),
        Absence::DoesNotStart(_) => Failure::setup("PostgreSQLが起動する", absence.to_string()),
    })?;
    let place = PostgresPlace::parse(&url).map_err(|error| Failure::ours(error.to_string()))?;
    let hub = HubMode::Process { binary };
    world.start_on(Store::Postgres(place), OfficeSpec::standard_cast(), hub).await
}

async fn add_terminal(world: &mut World, arguments: Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?.number;
    let added = world.sandbox_mut()?.add_terminal(office, arguments.text(1)).await;
    added.map_err(|error| Failure::unlike("端末を登録できる", error.to_string()))
}

/// What a table of offices may say.
const COLUMNS: [&str; 4] = ["事業所", "事業所番号", "サービス種類", "版"];

fn office(row: &BTreeMap<&str, &str>) -> Result<OfficeSpec, Failure> {
    let cell = |heading| row.get(heading).copied().filter(|cell| !cell.is_empty());
    let name = cell("事業所").ok_or_else(|| Failure::setup("事業所の名称", "空の行"))?;
    let known = match (cell("事業所番号"), cell("サービス種類")) {
        (None, None) => OfficeSpec::known(name).ok_or_else(|| {
            Failure::setup("標準の事業所の名称、または事業所番号とサービス種類の列", name)
        })?,
        (number, kinds) => told_in_full(name, number.unwrap_or(""), kinds.unwrap_or(""))?,
    };
    let edition = cell("版").map(|version| {
        Edition::up_to(version).map_err(|_| Failure::setup("標準仕様の版 4.1 か 3.2", version))
    });
    Ok(OfficeSpec { edition: edition.transpose()?, ..known })
}

fn told_in_full(name: &str, number: &str, kinds: &str) -> Result<OfficeSpec, Failure> {
    let found = || format!("{name}・{number}・{kinds}");
    let wrong = || Failure::setup("10桁の事業所番号と2桁のサービス種類", found());
    let kinds = kinds.split(['、', ',']).map(|kind| kind.trim().parse().map_err(|_| wrong()));
    Ok(OfficeSpec {
        number: number.parse().map_err(|_| wrong())?,
        name: name.to_owned(),
        kinds: kinds.collect::<Result<_, _>>()?,
        edition: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<const N: usize>(cells: [&'static str; N]) -> BTreeMap<&'static str, &'static str> {
        COLUMNS.into_iter().zip(cells).collect()
    }

    #[test]
    fn an_office_is_known_by_name_or_told_in_full() {
        let known = office(&row(["みどりヘルパーステーション"])).expect("is known");
        assert_eq!(known.number.as_str(), "2770200036");
        let new = office(&row(["架空の里", "2799900011", "12、13"])).expect("is told in full");
        assert_eq!(new.kinds.len(), 2);
        assert!(office(&row(["架空の里"])).is_err());
        assert!(office(&row(["架空の里", "27", "11"])).is_err());
    }

    #[test]
    fn an_office_says_which_version_its_software_is_of_or_does_not() {
        let of = |version| office(&row(["みどりヘルパーステーション", "", "", version]));
        assert_eq!(of("").expect("says nothing").edition, None);
        assert_eq!(of("3.2").expect("says it").edition, Edition::up_to("202208").ok());
        assert!(of("4.0").is_err());
    }
}
