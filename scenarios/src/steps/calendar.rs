//! Steps of what time does: the clock, licences that run out, and what nobody fetched for too long.

use careplan_protocol::{
    admin::{Licence, LicenceChange, OfficeChange, OfficeEntry, Plan, Swept},
    hub::{DeliveryState, LicenceState, Office},
};
use careplan_sandbox::reference_hub::{AdminError, Method};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::format_description};

use super::{Arguments, Step, StepResult, transport::refusal};
use crate::{
    Failure,
    world::{Attempt, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "時計を{日時}に合わせる",
        example: "時計を「2025年5月31日23時50分」に合わせる",
        help: "認証局・基盤・端末の時計を、この日時（日本時間）にする。起動する前なら、その日に起動したことになる。別プロセスの基盤の時計は変わらない",
        run: |world, arguments| Box::pin(async move { set_clock(world, &arguments) }),
    },
    Step {
        keyword: "前提",
        pattern: "{事業所}はライセンスを申請していない",
        example: "「みどりヘルパーステーション」はライセンスを申請していない",
        help: "事業所の登録は残して、ライセンスを、一度も申請していない状態にする",
        run: |world, arguments| Box::pin(async move { never_applied(world, &arguments).await }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が{日時}に{プラン}のライセンスを申請する",
        example: "「見本居宅介護支援センター」が「2024年6月1日0時0分」に「通常」のライセンスを申請する",
        help: "利用申請をする。プランは 通常 か フリーパス。日時は前の日でもよく、そこから1年になる。断られてもよく、結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(apply(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}がライセンスを更新する",
        example: "「見本居宅介護支援センター」がライセンスを更新する",
        help: "ライセンスを1年延ばす。切れていれば、いまから1年になる",
        run: |world, arguments| {
            Box::pin(
                async move { change_licence(world, arguments.text(0), LicenceChange::Renew).await },
            )
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}がライセンスの自動更新を止める",
        example: "「見本居宅介護支援センター」がライセンスの自動更新を止める",
        help: "いまの1年の終わりで、ライセンスが切れるようにする",
        run: |world, arguments| {
            Box::pin(
                async move { change_licence(world, arguments.text(0), LicenceChange::Stop).await },
            )
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}のライセンスは{日時}まで有効である",
        example: "「見本居宅介護支援センター」のライセンスは「2026年6月1日0時0分」まで有効である",
        help: "事業所の端末から基盤に尋ね（GET /v1/office）、ライセンスが有効で、この日時（日本時間）に切れることを確かめる",
        run: |world, arguments| Box::pin(async move { holds_until(world, &arguments).await }),
    },
    Step {
        keyword: "もし",
        pattern: "基盤が保管期間の過ぎたものを片付ける",
        example: "基盤が保管期間の過ぎたものを片付ける",
        help: "基盤がときどきする片付けを、いまさせる（POST /admin/sweep）",
        run: |world, _| Box::pin(async { sweep(world).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の送信一覧では、最後に送ったものが届かなかったことになっている",
        example: "「見本居宅介護支援センター」の送信一覧では、最後に送ったものが届かなかったことになっている",
        help: "送信一覧を開き、最後に送ったものを相手が取得しないまま保管期間が過ぎたと記されていることを確かめる",
        run: |world, arguments| Box::pin(async move { is_undelivered(world, &arguments).await }),
    },
];

fn set_clock(world: &World, arguments: &Arguments) -> StepResult {
    world.clock.set(moment(arguments.text(0))?);
    Ok(())
}

async fn never_applied(world: &World, arguments: &Arguments) -> StepResult {
    let number = world.office(arguments.text(0))?.number;
    let path = format!("/admin/offices/{number}");
    let admin = world.sandbox()?.admin().map_err(|error| Failure::ours(error.to_string()))?;
    let OfficeEntry { name, kinds, prefecture, versions, .. } =
        admin.get(&path).await.map_err(|error| away(&error))?;
    admin.tell(Method::DELETE, &path).await.map_err(|error| away(&error))?;
    let anew = OfficeChange { name, kinds, prefecture, versions };
    let registered = admin.ask(Method::PUT, &path, &anew).await;
    registered.map(|_: OfficeEntry| ()).map_err(|error| away(&error))
}

async fn apply(world: &mut World, arguments: Arguments) -> StepResult {
    let plan = match arguments.text(2) {
        "通常" => Plan::Ordinary,
        "フリーパス" => Plan::FreePass,
        other => return Err(Failure::setup("通常 か フリーパス", other)),
    };
    let applied_at = Some(moment(arguments.text(1))?);
    let change = LicenceChange::Apply { plan, applied_at, renews: None };
    let changed = licence(world, arguments.text(0), change).await;
    world.attempt = Some(match changed {
        Ok(_) => Attempt::Accepted,
        Err(AdminError::Refused(problem)) => world.refused(&problem),
        Err(error) => return Err(away(&error)),
    });
    Ok(())
}

/// Changes an office's licence, as the operator does.
pub(super) async fn change_licence(
    world: &World,
    office: &str,
    change: LicenceChange,
) -> StepResult {
    licence(world, office, change).await.map(drop).map_err(|error| away(&error))
}

async fn licence(
    world: &World,
    office: &str,
    change: LicenceChange,
) -> Result<Licence, AdminError> {
    let away = |failure: Failure| AdminError::Away(failure.found);
    let number = world.office(office).map_err(away)?.number;
    let admin = world.sandbox().map_err(away)?.admin();
    let admin = admin.map_err(|error| AdminError::Away(error.to_string()))?;
    admin.ask(Method::POST, &format!("/admin/offices/{number}/licence"), &change).await
}

async fn holds_until(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = moment(arguments.text(1))?;
    let mut terminal = world.terminal(arguments.text(0), None).await?;
    let own: Office = terminal.get(&["v1", "office"]).await.map_err(refusal)?;
    match (own.licence, own.licence_until) {
        (LicenceState::Active, Some(until)) if until == wanted => Ok(()),
        (state, until) => {
            let until = until.map(|until| until.to_offset(japan()).to_string());
            let until = until.unwrap_or_else(|| "期限なし".to_owned());
            Err(Failure::unlike(
                format!("{}まで有効", arguments.text(1)),
                format!("{state:?}、{until}"),
            ))
        }
    }
}

async fn sweep(world: &World) -> StepResult {
    let admin = world.sandbox()?.admin().map_err(|error| Failure::ours(error.to_string()))?;
    let swept = admin.ask(Method::POST, "/admin/sweep", &()).await;
    swept.map(|_: Swept| ()).map_err(|error| away(&error))
}

async fn is_undelivered(world: &World, arguments: &Arguments) -> StepResult {
    let sent = world.terminal(arguments.text(0), None).await?.sent().await.map_err(refusal)?;
    match sent.first().map(|entry| entry.submission.state) {
        Some(DeliveryState::Undelivered) => Ok(()),
        other => Err(Failure::unlike("届かなかった（Undelivered）", format!("{other:?}"))),
    }
}

/// `2025年5月31日23時50分`, by the calendar of Japan.
fn moment(text: &str) -> Result<OffsetDateTime, Failure> {
    let form = format_description!(
        "[year]年[month padding:none]月[day padding:none]日[hour padding:none]時[minute padding:none]分"
    );
    let parsed = PrimitiveDateTime::parse(text, form);
    let at = parsed.map_err(|_| Failure::setup("「2025年5月31日23時50分」の形の日時", text))?;
    Ok(at.assume_offset(japan()))
}

fn japan() -> UtcOffset {
    UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC)
}

fn away(error: &AdminError) -> Failure {
    Failure::unlike("基盤の運用の窓口が応じる", error.to_string())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_moment_is_said_as_people_say_it() {
        assert_eq!(moment("2025年5月31日23時50分"), Ok(datetime!(2025-05-31 23:50 +9)));
        assert_eq!(moment("2025年6月1日0時0分"), Ok(datetime!(2025-06-01 00:00 +9)));
        for wrong in ["2025-05-31 23:50", "2025年5月32日0時0分", "あした"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
