//! Whatever the repository's pages cite and link to exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use notify_testkit::wire::Recording;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// All files in a folder with these endings, without what is recorded, built or generated.
fn files(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !["target", "wire", "corpus", "node_modules"].contains(&name) && !name.starts_with('.') {
                found.extend(files(&path, endings)?);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    Ok(found)
}

/// The anchors that a forge makes from headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    headings
        .map(|heading| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

/// The contents of the code spans of a page.
fn code_spans(page: &str) -> impl Iterator<Item = String> {
    page.split('`').skip(1).step_by(2).map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The names of the exchanges in one file, such as `auth` or `gc/limits`.
fn exchanges_in(file: &str) -> Result<Vec<String>> {
    let folder = root().join("tests/wire");
    let (folder, file) = match file.split_once('/') {
        Some((service, file)) => (folder.join("siblings").join(service), file),
        None => (folder, file),
    };
    let lines = read(&folder.join("exchanges").join(file).with_extension("jsonl"))?;
    let names = lines.lines().filter_map(|line| line.split_once(r#""name": ""#)?.1.split_once('"'));
    Ok(names.map(|(name, _)| name.to_owned()).collect())
}

#[test]
fn every_exchange_that_the_page_on_the_services_cites_was_recorded() -> Result<()> {
    let page = read(&root().join("docs/service-behaviour.md"))?;
    let mut cited = 0;
    for span in code_spans(&page) {
        let Some((file, name)) = span.split_once(' ').filter(|(_, name)| name.contains('/')) else {
            ensure!(!span.starts_with("tests/wire/") || root().join(&span).exists(), "{span} is not there");
            continue;
        };
        let names = exchanges_in(file).with_context(|| span.clone())?;
        let is_there = match name.strip_suffix('*') {
            Some(group) => names.iter().any(|other| other.starts_with(group)),
            None => names.iter().any(|other| other == name),
        };
        ensure!(is_there, "no exchange of {file} is named {name}");
        cited += 1;
    }
    ensure!(cited > 100, "only {cited} citations were found");
    Ok(())
}

/// The names above are read from the text of the lines; they match the names that the recordings are loaded with.
#[test]
fn an_exchange_is_found_in_its_file_by_the_name_it_is_loaded_with() -> Result<()> {
    let names = exchanges_in("limits")?;
    ensure!(!names.is_empty(), "no exchange was found");
    let recording = Recording::gov_uk()?;
    for name in names {
        recording.exchange(&name)?;
    }
    Ok(())
}

#[test]
fn every_relative_link_of_a_page_leads_to_a_file_and_to_a_heading_where_it_names_one() -> Result<()> {
    let mut pages = files(&root().join("docs"), &[".md"])?;
    pages.extend(["README.md", "CONTRIBUTING.md", "tests/results/README.md"].map(|page| root().join(page)));
    let mut followed = 0;
    for page in pages {
        let text = read(&page)?;
        let links = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        for link in links.filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').map_or((link, None), |(path, it)| (path, Some(it)));
            let target = page.parent().context("a page is in a folder")?.join(path);
            let target = if path.is_empty() { page.clone() } else { target };
            ensure!(target.exists(), "{} links {link}, which is not there", page.display());
            if let Some(anchor) = anchor {
                ensure!(
                    anchors(&read(&target)?).contains(anchor),
                    "{} links {link}, which has no such heading",
                    page.display()
                );
            }
            followed += 1;
        }
    }
    ensure!(followed > 30, "only {followed} links were found");
    Ok(())
}

/// The paragraphs of a page: text between blank lines, without blocks of code.
fn paragraphs(page: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in page.lines().map(str::trim) {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        match paragraphs.last_mut() {
            Some(paragraph) if !is_code && !is_fence && !line.is_empty() => {
                paragraph.push_str(line);
                paragraph.push('\n');
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[test]
fn no_paragraph_of_a_page_breaks_off_in_the_middle_of_a_sentence() -> Result<()> {
    let mut read_in_all = 0;
    for page in files(&root(), &[".md"])? {
        for paragraph in paragraphs(&read(&page)?) {
            let last = paragraph.lines().last().unwrap_or_default();
            // Headings, tables, comments, pictures and the targets of links are not sentences.
            if last.starts_with(['#', '|', '<', '[', '!']) {
                continue;
            }
            ensure!(
                last.ends_with(['.', ':', '!', '?', ')', '`', '>', '*']),
                "{} breaks off after: {last}",
                page.display()
            );
            read_in_all += 1;
        }
    }
    ensure!(read_in_all > 300, "only {read_in_all} paragraphs were found");
    Ok(())
}

#[test]
fn every_section_of_a_page_that_the_code_cites_is_there() -> Result<()> {
    let mut cited = 0;
    for folder in ["crates", "tests", "examples"] {
        for file in files(&root().join(folder), &[".rs", ".md", ".py", ".cjs", ".toml"])? {
            let text = read(&file)?;
            for rest in text.split("docs/").skip(1) {
                let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-._#".contains(c)));
                let citation = rest[..length.unwrap_or(rest.len())].trim_end_matches('.');
                let Some((page, anchor)) = citation.split_once(".md#") else {
                    continue;
                };
                let page = read(&root().join("docs").join(page).with_extension("md"))
                    .with_context(|| file.display().to_string())?;
                ensure!(anchors(&page).contains(anchor), "{} cites docs/{citation}", file.display());
                cited += 1;
            }
        }
    }
    ensure!(cited > 5, "only {cited} citations were found");
    Ok(())
}

#[test]
fn every_operation_links_the_service_s_own_documentation() -> Result<()> {
    const DOCUMENTATION: [&str; 4] = [
        "GOV.UK Notify's documentation: [",
        "GC Notify's documentation: [",
        "VA Notify's documentation: [",
        "Notify.gov.au's documentation closed with the service. GOV.UK Notify's, from which it came: [",
    ];
    let mut linked = 0;
    for folder in ["endpoints", "service"] {
        for file in files(&root().join("crates/notify-api/src").join(folder), &[".rs"])? {
            let text = read(&file)?;
            // Macros are given the line, and so the operations that they define have one each.
            let operations = text.matches("\n    const OPERATION: Operation =").count()
                + text.matches("\nreads_notification!(").count()
                + text.matches("\nlists_notifications!(").count();
            let links = text.lines().filter(|line| line.contains("](https://"));
            let links = links.filter(|line| DOCUMENTATION.iter().any(|it| line.contains(it))).count();
            ensure!(links >= operations, "{} links {links} of {operations}", file.display());
            linked += links;
        }
    }
    ensure!(linked > 30, "only {linked} links were found");
    Ok(())
}
