//! 利用者基本情報 and 介護予防サービス・支援計画書 as files: an office's own, or somebody else's under the
//! office's own name.

use std::collections::BTreeMap;

use careplan_standard::{FileKind, FileName};

use crate::{
    error::SoftwareError,
    export::{OutFile, Pack},
    papers::{PICTURE_ITEM, Paper, PaperKind},
    person::PersonKey,
    prevention_sheets::{Subject, family_picture},
    sheet::Line,
};

/// One person's paper on its way out.
pub(crate) struct OutPaper {
    /// The records; that of 利用者基本情報 without the name of its picture.
    rows: Vec<(FileKind, Line)>,
    picture: Option<Vec<u8>>,
}

impl OutPaper {
    /// 利用者基本情報 that the office makes itself.
    pub(crate) fn record(of: Subject<'_>) -> Self {
        let mut rows = vec![(FileKind::PersonRecord, of.record())];
        rows.extend(of.day().into_iter().map(|line| (FileKind::PersonRecordDay, line)));
        rows.extend(of.illnesses().into_iter().map(|line| (FileKind::PersonRecordIllness, line)));
        Self { rows, picture: Some(family_picture(of.client)) }
    }

    /// 支援計画書 that the office writes itself.
    pub(crate) fn plan(of: Subject<'_>) -> Self {
        let mut rows = vec![(FileKind::PreventionPlan, of.plan())];
        rows.extend(of.annex().into_iter().map(|line| (FileKind::PreventionPlanAnnex, line)));
        Self { rows, picture: None }
    }

    /// A paper that another office wrote, item by item as it came.
    pub(crate) fn passed_on(paper: &Paper) -> Self {
        Self { rows: paper.lines(), picture: paper.picture.clone() }
    }
}

/// The files of some papers; each picture under a 枝番 of its own, which its record names.
pub(crate) fn paper_files(
    pack: Pack<'_>,
    papers: Vec<OutPaper>,
) -> Result<Vec<OutFile>, SoftwareError> {
    let mut sheets: BTreeMap<FileKind, Vec<Line>> = BTreeMap::new();
    let mut pictures: Vec<OutFile> = vec![];
    for OutPaper { rows, picture } in papers {
        let mut picture = picture.map(|bytes| {
            let branch = u16::try_from(pictures.len() + 1).ok();
            OutFile { name: pack.name(FileKind::PersonRecordImage, branch), bytes }
        });
        for (kind, line) in rows {
            let named = picture.take_if(|_| kind == FileKind::PersonRecord);
            let line = match &named {
                Some(picture) => line.text(PICTURE_ITEM, &picture.name.to_string()),
                None => line,
            };
            pictures.extend(named);
            sheets.entry(kind).or_default().push(line);
        }
    }
    let sheets = sheets.into_iter().map(|(kind, lines)| (kind, None, lines)).collect();
    let mut files = pack.files(sheets)?;
    files.extend(pictures);
    Ok(files)
}

/// The file that withdraws papers of one kind, by person and day.
pub(crate) fn withdrawal_file(
    pack: Pack<'_>,
    kind: PaperKind,
    of: &[(&PersonKey, String)],
) -> Result<Vec<OutFile>, SoftwareError> {
    let line = |(person, day): &(&PersonKey, String)| {
        Line::new(pack.version, person).code(kind.day_item(), day)
    };
    pack.files(vec![(kind.withdrawal(), None, of.iter().map(line).collect())])
}

impl Pack<'_> {
    /// The name of a file that carries no month.
    fn name(self, kind: FileKind, branch: Option<u16>) -> FileName {
        let Self { from, to, sequence, .. } = self;
        FileName { kind, month: None, from, to, sequence, branch }
    }
}
