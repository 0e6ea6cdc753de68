//! What manifests and pages say about the packages, compared with the facts.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// What cargo knows about this workspace and all its dependencies on this platform.
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

/// A version of Rust, for comparison.
fn rust(package: &Value) -> Option<Vec<u32>> {
    package["rust_version"].as_str()?.split('.').take(2).map(|number| number.parse().ok()).collect()
}

fn is_ours(package: &Value) -> bool {
    package["source"].is_null()
}

fn is_published(package: &Value) -> bool {
    is_ours(package) && package["publish"].is_null()
}

fn folder(package: &Value) -> Result<&Path> {
    Path::new(text(package, "manifest_path")).parent().context("a manifest is in a folder")
}

/// The dependencies of this package, without those for tests: the requirement, and the package in the lock file.
fn dependencies<'m>(metadata: &'m Value, package: &'m Value) -> Vec<(&'m str, &'m Value)> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let needed = dependencies.filter(|dependency| dependency["kind"] != "dev");
    needed
        .flat_map(|dependency| {
            let named = packages(metadata).filter(|package| package["name"] == dependency["name"]);
            named.map(|package| (text(dependency, "req"), package))
        })
        .collect()
}

#[test]
fn no_package_promises_a_lower_rust_than_those_of_this_workspace_that_it_depends_on() -> Result<()> {
    let metadata = metadata()?;
    let mut compared = 0;
    for package in packages(&metadata).filter(|package| is_published(package)) {
        for (_, dependency) in dependencies(&metadata, package).iter().filter(|(_, it)| is_ours(it)) {
            ensure!(
                rust(package) >= rust(dependency),
                "{} promises {}, but {} needs {}",
                text(package, "name"),
                package["rust_version"],
                text(dependency, "name"),
                dependency["rust_version"]
            );
            compared += 1;
        }
    }
    ensure!(compared > 0, "no published package depends on another");
    Ok(())
}

/// The lock file has the newest versions, which may need a newer Rust than a package promises. Then its manifest must
/// allow older ones. Whether those work is a step of `cargo xtask prove`, which needs the registry.
#[test]
fn a_package_allows_older_versions_of_whatever_needs_a_newer_rust_than_it_promises() -> Result<()> {
    let metadata = metadata()?;
    let mut newer = 0;
    for package in packages(&metadata).filter(|package| is_published(package)) {
        for (requirement, dependency) in dependencies(&metadata, package) {
            if rust(dependency) <= rust(package) {
                continue;
            }
            let lowest =
                requirement.split(',').next().unwrap_or_default().trim_start_matches(['^', '>', '=']);
            ensure!(
                lowest != text(dependency, "version"),
                "{} promises {}, but wants {} {requirement}, which needs {}",
                text(package, "name"),
                package["rust_version"],
                text(dependency, "name"),
                dependency["rust_version"]
            );
            newer += 1;
        }
    }
    ensure!(
        newer > 0,
        "nothing in the lock needs a newer Rust than a package promises: promise less, or drop this test"
    );
    Ok(())
}

#[test]
fn every_page_says_the_lowest_rust_of_the_manifest() -> Result<()> {
    let metadata = metadata()?;
    let front = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md"))?;
    let mut promised = 0;
    for package in packages(&metadata).filter(|package| is_published(package)) {
        let (name, version) = (text(package, "name"), text(package, "rust_version"));
        let said = format!("The minimum supported Rust version is {version}.");
        for (page, said) in [("README.md", said), ("CHANGELOG.md", format!("Rust {version} or later."))] {
            let content = std::fs::read_to_string(folder(package)?.join(page))?;
            ensure!(content.contains(&said), "the {page} of {name} does not say: {said}");
        }
        let said = format!("| `{name}` | {version} |");
        ensure!(front.contains(&said), "the front page does not say: {said}");
        promised += 1;
    }
    ensure!(promised == 9, "{promised} packages are published");
    Ok(())
}

/// A page on a registry stands alone, so a relative link leads nowhere.
#[test]
fn the_pages_of_published_packages_link_absolutely() -> Result<()> {
    let metadata = metadata()?;
    for package in packages(&metadata).filter(|package| is_published(package)) {
        let page = std::fs::read_to_string(folder(package)?.join(text(package, "readme")))?;
        let links: Vec<&str> =
            page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect();
        ensure!(!links.is_empty(), "the README of {} has no link", text(package, "name"));
        for link in links {
            ensure!(link.starts_with("https://"), "the README of {} links {link}", text(package, "name"));
        }
    }
    Ok(())
}

#[test]
fn every_published_package_has_the_metadata_for_its_page() -> Result<()> {
    let metadata = metadata()?;
    let mut names = Vec::new();
    for package in packages(&metadata).filter(|package| is_published(package)) {
        let name = text(package, "name");
        for field in ["description", "license", "repository", "readme", "rust_version"] {
            ensure!(!text(package, field).is_empty(), "{name} has no {field}");
        }
        let count = |field: &str| package[field].as_array().map_or(0, Vec::len);
        ensure!((1..=5).contains(&count("keywords")), "{name} has no keywords, or more than five");
        ensure!((1..=5).contains(&count("categories")), "{name} has no categories, or more than five");
        let folder = folder(package)?;
        for file in [text(package, "readme"), "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            ensure!(folder.join(file).exists(), "{name} has no {file}");
        }
        names.push(name);
    }
    ensure!(names.contains(&"notify-jwt") && !names.contains(&"notify-conformance"), "{names:?}");
    Ok(())
}

/// The names that a page of Rust re-exports from a crate or from its own modules, with its public modules.
fn exported(page: &str, from: &str) -> BTreeSet<String> {
    let lists = page.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let lists = lists.map(|(list, _)| list).filter(|list| list.starts_with(from));
    let named = lists.flat_map(|list| {
        let names = list.rsplit("::").next().unwrap_or_default();
        names.split([',', '{', '}']).map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    });
    named.filter(|name| !name.is_empty()).collect()
}

#[test]
fn the_client_crate_exports_all_that_the_api_crate_does() -> Result<()> {
    let page = |krate: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates").join(krate).join("src/lib.rs");
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    let api = page("notify-api")?;
    let mut expected = exported(&api, "");
    let modules = api.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    // The client has a module of this name, with more in it.
    expected.extend(modules.filter(|module| *module != "testing").map(str::to_owned));
    ensure!(expected.len() > 50, "only {} names were found", expected.len());
    let missing: Vec<_> =
        expected.difference(&exported(&page("notify-http")?, "notify_api::")).cloned().collect();
    ensure!(missing.is_empty(), "notify-http does not export {missing:?}");
    Ok(())
}
