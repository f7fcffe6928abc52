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
    /// Where its manifest is, relative to the root.
    pub(crate) manifest: String,
    /// All that it depends on, for tests and build scripts too.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One package that another depends on.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    /// Its own name.
    pub(crate) package: String,
    /// What the manifest calls it: its own name, unless renamed.
    pub(crate) key: String,
    /// Where the manifest names it, from 1.
    pub(crate) line: usize,
}

impl Member {
    /// Whether a file is this package's: its code, its tests or its build script.
    pub(crate) fn holds(&self, path: &str) -> bool {
        match self.folder.as_str() {
            "src" => {
                ["src/", "tests/", "benches/", "build.rs"].iter().any(|at| path.starts_with(at))
            }
            folder => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
        }
    }
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
    dependencies: Vec<Needed>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Needed {
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
    metadata.packages.into_iter().map(|package| member(package, &workspace)).collect()
}

fn member(package: Package, workspace: &str) -> Result<Member, String> {
    let manifest = package.manifest_path.replace('\\', "/");
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("cannot read {manifest}: {error}"))?;
    let manifest = manifest.trim_start_matches(workspace).trim_start_matches('/');
    let folder = manifest.trim_end_matches("Cargo.toml").trim_end_matches('/');
    let is_library = |target: &Target| target.kind.iter().any(|kind| kind == "lib");
    let dependency = |needed: Needed| {
        let key = needed.rename.unwrap_or_else(|| needed.name.clone());
        Dependency { line: line_of(&text, &key), package: needed.name, key }
    };
    Ok(Member {
        folder: if folder.is_empty() { "src".to_owned() } else { folder.to_owned() },
        is_library: package.targets.iter().any(is_library),
        dependencies: package.dependencies.into_iter().map(dependency).collect(),
        manifest: manifest.to_owned(),
        package: package.name,
    })
}

/// The last line that begins with the name: in the root's manifest, the workspace's own list comes
/// before.
fn line_of(manifest: &str, name: &str) -> usize {
    let names =
        |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    manifest.lines().enumerate().filter(|(_, line)| names(line)).last().map_or(1, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_found_in_its_manifest() {
        let manifest = "[dependencies]\nhub-store.workspace = true\nhub = { path = \"hub\" }\n";
        assert_eq!(line_of(manifest, "hub"), 3);
        assert_eq!(line_of(manifest, "hub-store"), 2);
        assert_eq!(line_of(manifest, "gone"), 1);
    }

    #[test]
    fn this_repository_is_read() {
        let tree = Tree::read(crate::root()).expect("it can be read");
        let xtask = tree.members.iter().find(|member| member.package == "xtask");
        let xtask = xtask.expect("this package is a member");
        assert_eq!((xtask.folder.as_str(), xtask.is_library), ("xtask", false));
        assert!(xtask.dependencies.iter().any(|dependency| dependency.package == "syn"));
        assert!(tree.text("xtask/src/tree.rs").is_some());
        assert!(!tree.paths.contains("target") && !tree.paths.contains(".git"));
    }
}
