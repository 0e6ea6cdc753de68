//! The header is the one that cbindgen makes of the source. To write it: `NOTIFY_WRITE_HEADER=1 cargo test -p notify-jwt-c`.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use cbindgen::{Builder, Config, DocumentationStyle, Language, Style};

const HEADER: &str = "include/notify_jwt.h";

/// What cbindgen does not say: that both sides agree on the sizes. C99 has no word for it, but no array of negative size.
const SIZES: &str = r#"
#if defined(__cplusplus) && __cplusplus >= 201103L
#define NOTIFY_ASSERT_SIZE(type, size) static_assert(sizeof(struct type) == (size), "the size of " #type)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define NOTIFY_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), "the size of " #type)
#else
#define NOTIFY_ASSERT_SIZE(type, size) typedef char type##_has_its_size[sizeof(struct type) == (size) ? 1 : -1]
#endif
NOTIFY_ASSERT_SIZE(notify_signer, 192);
NOTIFY_ASSERT_SIZE(notify_clock, 40);
NOTIFY_ASSERT_SIZE(notify_time_sample, 16);
#undef NOTIFY_ASSERT_SIZE
"#;

fn generate() -> String {
    let mut config = Config {
        language: Language::C,
        style: Style::Tag,
        documentation_style: DocumentationStyle::C99,
        include_guard: Some("NOTIFY_JWT_H".to_owned()),
        header: Some(
            "// The bearer token of the Notify services. Made from the source of notify-jwt-c by its tests: do not edit."
                .to_owned(),
        ),
        cpp_compat: true,
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        usize_is_size_t: true,
        line_length: 110,
        tab_width: 4,
        ..Config::default()
    };
    for (rust, c) in [
        ("NotifySigner", "notify_signer"),
        ("NotifyClock", "notify_clock"),
        ("NotifyTimeSample", "notify_time_sample"),
        ("NotifyStatus", "notify_status"),
    ] {
        config.export.rename.insert(rust.to_owned(), c.to_owned());
    }
    let mut builder = Builder::new().with_config(config);
    for file in ["status", "signer", "clock"] {
        builder = builder.with_src(Path::new("src").join(file).with_extension("rs"));
    }
    let mut header = Vec::new();
    builder.generate().expect("cbindgen reads the source").write(&mut header);
    let header = String::from_utf8(header).expect("a header is text");
    with_sizes(&with_brackets(&without_safety_sections(&header)))
}

/// In C every pointer is unsafe, and the headings about it are Rust's form.
fn without_safety_sections(header: &str) -> String {
    header.replace("//\n// # Safety\n//\n", "//\n")
}

/// A macro that is a negative number has to be one operand wherever it is used.
fn with_brackets(header: &str) -> String {
    let line = |line: &str| match line.split_once(" -") {
        Some((name, number)) if line.starts_with("#define") => format!("{name} (-{number})\n"),
        _ => format!("{line}\n"),
    };
    header.lines().map(line).collect()
}

/// The sizes are checked once, however often the header is included.
fn with_sizes(header: &str) -> String {
    let end = header.rfind("#endif  /* NOTIFY_JWT_H */").expect("the header has a guard");
    format!("{}{}\n{}", &header[..end], SIZES.trim_start(), &header[end..])
}

#[test]
fn the_functions_of_the_header_are_those_that_an_archive_exports() {
    let header = fs::read_to_string(HEADER).expect("there is a header");
    let functions = header.lines().filter_map(|line| {
        line.strip_prefix("notify_status ").and_then(|rest| rest.split_once('(')).map(|(name, _)| name)
    });
    let functions: BTreeSet<&str> = functions.collect();
    let exports = include_str!("../exports.txt");
    assert_eq!(functions, exports.lines().collect());
}

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    let generated = generate();
    if env::var_os("NOTIFY_WRITE_HEADER").is_some() {
        fs::write(HEADER, &generated).expect("the header can be written");
    }
    let committed = fs::read_to_string(HEADER).unwrap_or_default();
    assert!(
        committed == generated,
        "write it anew: NOTIFY_WRITE_HEADER=1 cargo test -p notify-jwt-c\n{generated}"
    );
}
