//! Two papers of one person, compared item by item.

use std::collections::BTreeSet;

use careplan_sandbox::care_software::Paper;

/// Where two papers differ: file, row and item, and never what stands there, which is a person's
/// life. What tells only how a paper was sent is not looked at.
pub(super) fn differences(original: &Paper, paper: &Paper) -> Vec<String> {
    let (before, after) = (original.content(), paper.content());
    let mut found = Vec::new();
    if before.len() != after.len() {
        found.push(format!("{}行のはずが{}行", before.len(), after.len()));
    }
    for (row, ((kind, said), (other, heard))) in (1..).zip(before.iter().zip(&after)) {
        if kind != other {
            found.push(format!("{row}行目: {}のはずが{}", kind.title(), other.title()));
            continue;
        }
        let beside = said.iter().filter(|item| !heard.contains(item));
        let beside = beside.chain(heard.iter().filter(|item| !said.contains(item)));
        let items: BTreeSet<&str> = beside.map(|(item, _)| *item).collect();
        found.extend(items.into_iter().map(|item| format!("{row}行目: {}の{item}", kind.title())));
    }
    if original.picture != paper.picture {
        found.push("家族構成の画像".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use careplan_sandbox::care_software::{PaperKind, Papers, ReceivedFile};

    use super::*;
    use crate::steps::samples;

    #[test]
    fn papers_that_differ_are_told_by_file_and_item_and_never_by_what_they_say() {
        let files = samples::files("v4-prevention-record").expect("a sample").into_iter();
        let files: Vec<_> = files.map(|(name, bytes)| ReceivedFile { name, bytes }).collect();
        let papers = Papers::replay(&files).expect("papers");
        let paper = papers.of(PaperKind::PersonRecord).next().expect("one");
        assert_eq!(differences(paper, paper), Vec::<String>::new());

        let mut other = paper.clone();
        other.rows.swap(1, 2);
        other.picture = None;
        let told = differences(paper, &other).join("\n");
        assert!(told.contains("本人の生活状況") && told.contains("家族構成の画像"), "{told}");
        let said = paper.content().into_iter().flat_map(|(_, said)| said);
        for (_, value) in said.filter(|(_, value)| 3 < value.chars().count()) {
            assert!(!told.contains(value), "{told}");
        }
        other.rows.pop();
        assert!(differences(paper, &other)[0].contains("行のはずが"));
    }
}
