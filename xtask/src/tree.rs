//! The repository as the checks see it: every path, every text, every package.
//!
//! Read once. The checks are functions of it and touch no file themselves.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use serde::Deserialize;

/// The repository at one moment.
pub(crate) struct Tree {
    /// Every folder and file, relative to the root, with `/` between the parts.
    pub(crate) paths: BTreeSet<String>,
    /// The files that people write: Rust, Markdown, manifests, scripts.
    pub(crate) texts: Vec<Text>,
    /// The packages of the workspace.
    pub(crate) members: Vec<Member>,
    /// Folders in the root that are made, not kept: from `.gitignore`.
    pub(crate) made: Vec<String>,
}

/// A file that people write.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    /// What stands in it.
    pub(crate) text: String,
}

/// A package of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Its folder, relative to the root; the root package's is `src`.
    pub(crate) folder: String,
    /// Its name.
    pub(crate) package: String,
    /// Whether others can use it.
    pub(crate) is_library: bool,
    /// All that it depends on, by the name in its manifest; for tests and build scripts too.
    pub(crate) dependencies: Vec<String>,
}

impl Tree {
    /// Reads the repository.
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let made = ignored.lines().map(|line| line.trim_matches('/').to_owned()).collect();
        let members = members(root)?;
        let mut tree = Self { paths: BTreeSet::new(), texts: Vec::new(), members, made };
        tree.walk(root, "")?;
        Ok(tree)
    }

    /// The text of one file, if it is there.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.iter().find(|text| text.path == path).map(|text| text.text.as_str())
    }

    fn walk(&mut self, root: &Path, folder: &str) -> Result<(), String> {
        let at = root.join(folder);
        let unreadable = |error| format!("cannot read {}: {error}", at.display());
        for entry in fs::read_dir(&at).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if path == ".git" || path.ends_with("/target") || self.made.contains(&path) {
                continue;
            }
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.walk(root, &path)?;
            } else if is_written_by_people(&path) {
                let text = fs::read_to_string(entry.path())
                    .map_err(|error| format!("cannot read {path} as UTF-8: {error}"))?;
                // A checkout on Windows may end its lines differently.
                self.texts.push(Text { path: path.clone(), text: text.replace("\r\n", "\n") });
            }
            self.paths.insert(path);
        }
        Ok(())
    }
}

fn is_written_by_people(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("rs" | "md" | "toml" | "feature")) || path == ".ci/run"
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

fn members(root: &Path) -> Result<Vec<Member>, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata wrote something unexpected: {error}"))?;
    let workspace = metadata.workspace_root.replace('\\', "/");
    Ok(metadata.packages.into_iter().map(|package| member(package, &workspace)).collect())
}

fn member(package: Package, workspace: &str) -> Member {
    let manifest = package.manifest_path.replace('\\', "/");
    let folder = manifest.trim_start_matches(workspace).trim_end_matches("Cargo.toml");
    let folder = folder.trim_matches('/');
    let is_library = |target: &Target| target.kind.iter().any(|kind| kind == "lib");
    Member {
        folder: if folder.is_empty() { "src".to_owned() } else { folder.to_owned() },
        is_library: package.targets.iter().any(is_library),
        dependencies: package
            .dependencies
            .into_iter()
            .map(|dependency| dependency.rename.unwrap_or(dependency.name))
            .collect(),
        package: package.name,
    }
}
