//! Sessions in a shell, one file each in `sessions/`.

use trycmd::TestCases;

use crate::fixture::Fixture;

#[test]
fn the_sessions_run_as_written() {
    let fixture = Fixture::new();
    TestCases::new()
        .env("NOTIFY_BASE_URL", fixture.sandbox.url())
        .env("NOTIFY_API_KEY", fixture.sandbox.api_key(notify_sandbox::KeyType::Test))
        .env("COLUMNS", "120")
        .env("NO_COLOR", "1")
        .case("tests/cli/sessions/*.trycmd");
}
