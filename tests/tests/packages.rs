//! What the manifests say of the packages, held to what is so.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// What cargo knows of this workspace and of all that it depends on here.
fn metadata() -> Result<Value> {
    let host = Command::new("rustc").args(["-vV"]).output()?;
    let host = String::from_utf8(host.stdout)?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names its host")?;
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn text<'v>(package: &'v Value, field: &str) -> &'v str {
    package[field].as_str().unwrap_or_default()
}

/// A version of Rust, to compare.
fn rust(package: &Value) -> Option<Vec<u32>> {
    package["rust_version"].as_str()?.split('.').take(2).map(|number| number.parse().ok()).collect()
}

#[test]
fn the_lowest_rust_is_what_the_dependencies_ask_for_and_the_readme_says_so() -> Result<()> {
    let metadata = metadata()?;
    let (ours, others): (Vec<&Value>, Vec<&Value>) =
        packages(&metadata).partition(|package| package["source"].is_null());
    let highest = others.into_iter().max_by_key(|package| rust(package)).context("there are dependencies")?;
    let asked = rust(highest).context("one of them says which Rust it needs")?;
    for package in ours {
        ensure!(
            rust(package).as_ref() == Some(&asked),
            "{} says {}, and {} asks for {}",
            text(package, "name"),
            package["rust_version"],
            text(highest, "name"),
            highest["rust_version"]
        );
    }
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md"))?;
    let said = format!("The lowest Rust it builds with is {}.{}", asked[0], asked[1]);
    ensure!(readme.contains(&said), "the README does not say: {said}");
    Ok(())
}

#[test]
fn every_published_package_has_what_its_page_shows() -> Result<()> {
    let metadata = metadata()?;
    let published = |package: &&Value| package["source"].is_null() && package["publish"].is_null();
    let mut names = Vec::new();
    for package in packages(&metadata).filter(published) {
        let name = text(package, "name");
        for field in ["description", "license", "repository", "readme", "rust_version"] {
            ensure!(!text(package, field).is_empty(), "{name} has no {field}");
        }
        let count = |field: &str| package[field].as_array().map_or(0, Vec::len);
        ensure!((1..=5).contains(&count("keywords")), "{name} has no keywords, or more than five");
        ensure!((1..=5).contains(&count("categories")), "{name} has no categories, or more than five");
        let folder =
            Path::new(text(package, "manifest_path")).parent().context("a manifest lies in a folder")?;
        for file in [text(package, "readme"), "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            ensure!(folder.join(file).exists(), "{name} has no {file}");
        }
        names.push(name);
    }
    ensure!(names.contains(&"notify-jwt") && !names.contains(&"notify-tests"), "{names:?}");
    Ok(())
}
