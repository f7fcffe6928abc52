//! Steps that start the stack of a scenario.

use careplan_sandbox::{HubMode, OfficeSpec, Store, reference_hub::PostgresPlace};
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
        help: "下の表の事業所で起動する。列は 事業所（と、標準以外の事業所では 事業所番号・サービス種類）",
        run: |world, arguments| {
            Box::pin(async move {
                let offices = arguments.rows(1)?.iter().map(|row| office(row));
                let offices = offices.collect::<Result<Vec<_>, _>>()?;
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

fn office(row: &[String]) -> Result<OfficeSpec, Failure> {
    let (name, more) = row.split_first().ok_or_else(|| Failure::setup("事業所の名称", "空の行"))?;
    match more {
        [number, kinds, ..] => {
            let wrong = || Failure::setup("10桁の事業所番号と2桁のサービス種類", row.join("・"));
            let kinds =
                kinds.split(['、', ',']).map(|kind| kind.trim().parse().map_err(|_| wrong()));
            Ok(OfficeSpec {
                number: number.parse().map_err(|_| wrong())?,
                name: name.clone(),
                kinds: kinds.collect::<Result<_, _>>()?,
            })
        }
        _ => OfficeSpec::known(name).ok_or_else(|| {
            Failure::setup("標準の事業所の名称、または事業所番号とサービス種類の列", name)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn an_office_is_known_by_name_or_told_in_full() {
        let known = office(&row(&["みどりヘルパーステーション"])).expect("is known");
        assert_eq!(known.number.as_str(), "2770200036");
        let new = office(&row(&["架空の里", "2799900011", "12、13"])).expect("is told in full");
        assert_eq!(new.kinds.len(), 2);
        assert!(office(&row(&["架空の里"])).is_err());
        assert!(office(&row(&["架空の里", "27", "11"])).is_err());
    }
}
