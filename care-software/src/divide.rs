//! 振り分け: which of the month's sendings go as data, and which on paper, because their office does
//! not take part.

use careplan_standard::{Lang, OfficeNumber, SendingFile};

use crate::{export::Sending, forms::FormBook};

/// What was to be sent, split by who takes part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    /// To be sent.
    pub by_data: Vec<Sending>,
    /// To be printed, and brought or faxed.
    pub on_paper: Vec<Sending>,
}

/// Splits what was exported; `takes_part` is the public directory.
pub fn divide(sendings: Vec<Sending>, takes_part: impl Fn(OfficeNumber) -> bool) -> Division {
    let (by_data, on_paper) =
        sendings.into_iter().partition(|sending| takes_part(sending.to.office));
    Division { by_data, on_paper }
}

impl Sending {
    /// The sending as the paper forms that people know: one page of HTML, a form a sheet.
    pub fn paper(&self, lang: Lang) -> String {
        let names: Vec<String> = self.files.iter().map(|file| file.name.to_string()).collect();
        let files = names.iter().zip(&self.files);
        let files = files.map(|(name, file)| SendingFile { name, bytes: &file.bytes });
        FormBook::read(&[files.collect()]).html(lang)
    }
}
