//! A file of an answer, as records that can be changed, or as bytes.

use crate::sheet::{self, Cell};

/// A file of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFile {
    /// Its name, without a folder.
    pub name: String,
    pub(crate) content: Content,
}

/// Records, as long as nothing but values was changed; then bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Records(Vec<Vec<Cell>>),
    Bytes(Vec<u8>),
}

impl AnswerFile {
    pub(crate) fn of_records(name: String, records: Vec<Vec<Cell>>) -> Self {
        Self { name, content: Content::Records(records) }
    }

    pub(crate) fn of_bytes(name: String, bytes: Vec<u8>) -> Self {
        Self { name, content: Content::Bytes(bytes) }
    }

    /// Its content, as it is sent.
    pub fn bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Records(records) => sheet::bytes(records),
            Content::Bytes(bytes) => bytes.clone(),
        }
    }

    pub(crate) fn records(&mut self) -> &mut Vec<Vec<Cell>> {
        match &mut self.content {
            Content::Records(records) => records,
            Content::Bytes(_) => panic!("the book changes values before it changes bytes"),
        }
    }
}
