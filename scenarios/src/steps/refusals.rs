//! Steps on what an office is told when something does not go through: who must act, what to do
//! next, and where in the files it is.

use careplan_protocol::{ActsNext, Finding, Lang, Severity};
use careplan_sandbox::reference_client::ClientError;

use super::{Arguments, Step, StepResult, door::told};
use crate::{
    Failure,
    world::{Attempt, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "ならば",
        pattern: "断りには、{だれ}がすべきこととして{こと}とある",
        example: "断りには、「事業所」がすべきこととして「ライセンスを更新してください」とある",
        help: "直前に断られたとき事業所に告げられた言葉（次にすること、ファイルの指摘）に、これがあることを確かめる。だれは 事業所・ソフトの提供元・基盤の運用者",
        run: |world, arguments| Box::pin(async move { advises(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "断りは、{ファイル}の{数}件目の項目{数}を指している",
        example: "断りは、「UPPLAN」の1件目の項目15を指している",
        help: "直前の断りの指摘（エラー）に、この種類のファイル（名前の始まり）の、この順のレコードの、この番号の項目があることを確かめる",
        run: |world, arguments| Box::pin(async move { points_at(world, &arguments) }),
    },
];

/// What an office was told.
struct Advice {
    acts_next: ActsNext,
    /// What to do next.
    words: String,
    /// What is said of the files.
    findings: Vec<Finding>,
}

fn advises(world: &World, arguments: &Arguments) -> StepResult {
    let (who, what) = (arguments.text(0), arguments.text(1));
    let wanted = match who {
        "事業所" => ActsNext::Office,
        "ソフトの提供元" => ActsNext::Software,
        "基盤の運用者" => ActsNext::Operator,
        other => return Err(Failure::setup("事業所・ソフトの提供元・基盤の運用者", other)),
    };
    let Advice { acts_next, words, findings } = advice(world)?;
    let is_there = words.contains(what) || findings.iter().any(|it| it.message.contains(what));
    match acts_next == wanted && is_there {
        true => Ok(()),
        false => Err(Failure::unlike(
            format!("{who}: {what}"),
            format!("{acts_next:?}: {}", with_rules(&words, &findings)),
        )),
    }
}

fn points_at(world: &World, arguments: &Arguments) -> StepResult {
    let (prefix, record, item) = (arguments.text(0), arguments.number(1)?, arguments.number(2)?);
    let findings = advice(world)?.findings;
    let is_there = |finding: &&Finding| {
        finding.file.as_deref().is_some_and(|name| name.starts_with(prefix))
            && finding.record.map(u64::from) == Some(record)
            && finding.item.map(u64::from) == Some(item)
    };
    if findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .any(|one| is_there(&one))
    {
        return Ok(());
    }
    let place = |finding: &Finding| {
        let Finding { rule, file, record, item, .. } = finding;
        format!("{rule}: {file:?} {record:?} {item:?}")
    };
    let found: Vec<_> = findings.iter().map(place).collect();
    Err(Failure::unlike(format!("{prefix} の{record}件目の項目{item}"), found.join("\n")))
}

/// What the office was told last, if that is how the last attempt went.
fn advice(world: &World) -> Result<Advice, Failure> {
    let heard = world.told.last();
    let heard =
        heard.ok_or_else(|| Failure::setup("先に断られる手順", "まだ何も断られていません"))?;
    let is_last = match (&heard, &world.attempt) {
        (ClientError::Problem(problem), Some(Attempt::Refused { id, .. })) => {
            problem.kind.rsplit(':').next() == Some(id)
        }
        (ClientError::Check(_), Some(Attempt::Checked(_)))
        | (ClientError::Unreachable { .. }, Some(Attempt::CutOff)) => true,
        _ => false,
    };
    if !is_last {
        let attempt = told(world.attempt.as_ref());
        return Err(Failure::unlike("直前に断られている", format!("{attempt}（{heard}）")));
    }
    let line = heard.line(Lang::Ja);
    Ok(match heard {
        ClientError::Problem(problem) => Advice {
            acts_next: problem.known_kind().map_or(ActsNext::Operator, |kind| kind.acts_next()),
            words: problem.next_step,
            findings: problem.findings,
        },
        ClientError::Check(report) => {
            Advice { acts_next: ActsNext::Office, words: line, findings: report.findings }
        }
        _ => Advice { acts_next: ActsNext::Office, words: line, findings: Vec::new() },
    })
}

/// What was said, for a report: of a finding its rule alone, because its message quotes the file.
pub(super) fn with_rules(words: &str, findings: &[Finding]) -> String {
    let rules = findings.iter().map(|finding| finding.rule.as_str());
    std::iter::once(words).chain(rules).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_by_its_rule_and_never_by_its_message() {
        let finding = Finding {
            rule: "encoding.user-defined".to_owned(),
            severity: Severity::Error,
            file: None,
            record: Some(1),
            item: None,
            clause: String::new(),
            message: "「架空 花子」は外字です".to_owned(),
        };
        let told = with_rules("介護ソフトで直してください", &[finding]);
        assert_eq!(told, "介護ソフトで直してください\nencoding.user-defined");
    }
}
