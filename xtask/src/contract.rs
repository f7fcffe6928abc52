//! `cargo xtask contract`: does the running hub keep to its OpenAPI document?
//!
//! schemathesis makes requests of the document, right and wrong ones, and compares every answer with
//! it. It is a Python program: a virtual environment in `target/` gets it, in the version that
//! `xtask/contract/requirements.txt` names.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::{Outcome, careplan::Build, say};

/// How long it asks, unless told otherwise: what CI gives it.
const SECONDS: u32 = 60;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    seconds: u32,
    seed: u64,
    or_skip: bool,
    build: Build,
}

/// Starts a stack of its own, and asks it for so many seconds.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let order = Order::read(arguments)?;
    let program = match schemathesis(root) {
        Ok(program) => program,
        Err(lacking) if order.or_skip => {
            say(&format!("{lacking}\ncontract: skipped"));
            return Ok(true);
        }
        Err(lacking) => return Err(lacking),
    };
    let stack = Stack::start(root, order.build)?;
    let status = stack.ask(root, &program, &order)?.status();
    status.map(|status| status.success()).map_err(|error| format!("contract: {error}"))
}

impl Order {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut order = Self { seconds: SECONDS, seed: 1, or_skip: false, build: Build::Release };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number = || {
                let number = rest.next().and_then(|number| number.parse::<u32>().ok());
                number.ok_or_else(|| format!("{argument} wants a number"))
            };
            match *argument {
                "--or-skip" => order.or_skip = true,
                "--tested" => order.build = Build::Tested,
                "--seconds" => order.seconds = number()?,
                "--seed" => order.seed = number()?.into(),
                other => return Err(format!("contract does not know {other}")),
            }
        }
        Ok(order)
    }
}

/// The program in its environment, which is made if it is missing or of another version.
fn schemathesis(root: &Path) -> Result<PathBuf, String> {
    let home = root.join("target/contract");
    let programs = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let wanted = root.join("xtask/contract/requirements.txt");
    let installed = home.join("installed.txt");
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    if read(&installed) != read(&wanted) {
        let python = ["python3", "python"].into_iter().find(|python| is_there(python));
        let python = python.ok_or("contract: there is no Python (python3)")?;
        say("contract: fetching schemathesis");
        let mut venv = Command::new(python);
        done(venv.args(["-m", "venv", "--clear"]).arg(&home), "make a virtual environment")?;
        let mut pip = Command::new(programs.join("python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
        done(pip.arg(&wanted), "fetch schemathesis")?;
        fs::copy(&wanted, &installed).map_err(|error| format!("contract: {error}"))?;
    }
    Ok(programs.join("schemathesis"))
}

fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    let status = command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn done(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("contract: cannot {what} ({status})")),
        Err(error) => Err(format!("contract: cannot {what} ({error})")),
    }
}

/// `careplan up`, as long as this value lives.
struct Stack {
    careplan: Child,
    /// Its first line.
    line: String,
    description: Value,
}

impl Stack {
    fn start(root: &Path, build: Build) -> Result<Self, String> {
        let fault = |what: &dyn std::fmt::Display| format!("contract: careplan up: {what}");
        // A folder of its own, so that nothing stays behind elsewhere when it is killed.
        let folder = root.join("target/contract/up");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| fault(&error))?;
        }
        let mut careplan = Command::new(build.program(root)?)
            .args(["up", "--profile", "plus", "--format", "json", "--dir"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| fault(&error))?;
        let mut line = String::new();
        let out = careplan.stdout.take().ok_or_else(|| fault(&"no standard output"))?;
        let read = BufReader::new(out.take(1 << 20)).read_line(&mut line);
        let description = read.map_err(|error| fault(&error)).and_then(|_| {
            serde_json::from_str(&line).map_err(|error| fault(&format!("its first line: {error}")))
        });
        match description {
            Ok(description) => Ok(Self { careplan, line, description }),
            Err(fault) => {
                let _ = careplan.kill();
                Err(fault)
            }
        }
    }

    /// The command that asks it.
    fn ask(&self, root: &Path, program: &Path, order: &Order) -> Result<Command, String> {
        let folder = root.join("xtask/contract");
        let up = root.join("target/contract/up.json");
        fs::write(&up, &self.line).map_err(|error| format!("contract: {error}"))?;
        let text = |pointer| self.description.pointer(pointer).and_then(Value::as_str);
        let said =
            |pointer| text(pointer).ok_or_else(|| format!("contract: careplan up lacks {pointer}"));
        let mut command = Command::new(program);
        command
            .arg("--config-file")
            .arg(folder.join("schemathesis.toml"))
            .arg("run")
            .arg(root.join("docs/openapi.json"))
            .args(["--url", said("/hub_url")?])
            .args(["--tls-verify", said("/root_certificate_file")?])
            .args(["--request-cert", said("/offices/0/certificate_chain_file")?])
            .args(["--request-cert-key", said("/offices/0/key_file")?])
            .args(["--max-time", &order.seconds.to_string(), "--seed", &order.seed.to_string()])
            .args(["--continue-on-failure", "--no-color"])
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("PYTHONPATH", &folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CAREPLAN_UP", up)
            .current_dir(root.join("target/contract"));
        Ok(command)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // One that has ended by itself needs no killing.
        let _ = self.careplan.kill();
        let _ = self.careplan.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read() {
        let build = Build::Release;
        let order = |seconds, seed, or_skip| Ok(Order { seconds, seed, or_skip, build });
        assert_eq!(Order::read(&[]), order(SECONDS, 1, false));
        assert_eq!(Order::read(&["--seconds", "1800", "--seed", "7"]), order(1800, 7, false));
        assert_eq!(Order::read(&["--or-skip"]), order(SECONDS, 1, true));
        let tested = Order::read(&["--tested"]).expect("it is known");
        assert_eq!(tested.build, Build::Tested);
        assert!(Order::read(&["--seconds"]).is_err() && Order::read(&["--fast"]).is_err());
    }
}
