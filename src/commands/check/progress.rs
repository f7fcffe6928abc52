//! How far the check has come, on standard error: a bar at a terminal, else a line at each tenth.

use std::{
    io::{self, IsTerminal},
    sync::atomic::{AtomicUsize, Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::ui::Ui;

/// What is checked faster than it is read about: so many files and so many bytes.
const FILES_UNSEEN_MAX: usize = 100;
const BYTES_UNSEEN_MAX: u64 = 64 * 1024 * 1024;

/// How far the check has come.
pub(super) struct Progress<'a> {
    ui: &'a Ui,
    files: usize,
    done: AtomicUsize,
    /// At a terminal.
    bar: Option<ProgressBar>,
    is_seen: bool,
}

impl<'a> Progress<'a> {
    /// Of so many files with so many bytes.
    pub(super) fn new(files: usize, bytes: u64, ui: &'a Ui) -> Self {
        let is_seen = FILES_UNSEEN_MAX < files || BYTES_UNSEEN_MAX < bytes;
        let bar = (is_seen && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(bytes);
            let style = "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Self { ui, files, done: AtomicUsize::new(0), bar, is_seen }
    }

    /// So many more bytes are done.
    pub(super) fn bytes(&self, count: usize) {
        if let Some(bar) = &self.bar {
            bar.inc(u64::try_from(count).unwrap_or(u64::MAX));
        }
    }

    /// One more file is done.
    pub(super) fn file(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let Self { ui, files, .. } = self;
        if let Some(bar) = &self.bar {
            bar.set_message(ui.pick(
                format!("検査中 {done}/{files}ファイル"),
                format!("checking {done}/{files} files"),
            ));
        } else if self.is_seen && done * 10 / files != (done - 1) * 10 / files {
            ui.note(&ui.pick(
                format!("検査中: {done}/{files}ファイル"),
                format!("checking: {done}/{files} files"),
            ));
        }
    }

    /// All is done.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
