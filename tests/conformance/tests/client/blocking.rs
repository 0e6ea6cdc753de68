//! The blocking client.

use std::error::Error as _;

use notify_http::blocking::{Client, InsideRuntime};
use notify_http::{ListReceivedTextMessages, ListTemplates};
use notify_sandbox::{KeyType, Sandbox};
use notify_testkit::http1::ScriptedServer;

use crate::server::whole;
use crate::{KEY, SENT, impatient, message};

pub(crate) fn client(url: &str) -> Client {
    Client::builder(KEY).base_url(url).policy(impatient()).build().unwrap()
}

#[tokio::test]
async fn in_async_code_a_call_fails_with_its_own_error_and_nothing_is_sent() {
    let server = ScriptedServer::start(|_| whole(201, SENT).into_bytes()).unwrap();
    let client = client(&server.url());
    let error = client.send(message()).unwrap_err();
    assert!(error.source().unwrap().is::<InsideRuntime>());
    assert!(error.is_not_sent() && !error.may_have_been_sent());
    assert_eq!(error.attempts(), 0);
    let mut items = client.iter(ListReceivedTextMessages::new());
    assert!(items.next().unwrap().unwrap_err().is_not_sent());
    assert!(items.next().is_none());
    assert_eq!(server.requests(), []);
    // It may be built and dropped there.
    drop((items, client));
}

#[tokio::test]
async fn it_works_where_a_runtime_lets_a_thread_block() {
    let server = ScriptedServer::start(|_| whole(201, SENT).into_bytes()).unwrap();
    let client = client(&server.url());
    let sent = tokio::task::spawn_blocking(move || client.send(message()).map(drop)).await.unwrap();
    sent.unwrap();
}

#[test]
fn one_client_serves_many_threads() {
    let sandbox = Sandbox::start().unwrap();
    let client = Client::builder(sandbox.api_key(KeyType::Test)).base_url(sandbox.url()).build().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let client = client.clone();
            scope.spawn(move || {
                for _ in 0..5 {
                    assert_eq!(client.send(ListTemplates::new()).unwrap().templates.len(), 4);
                }
            });
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn its_thread_ends_with_the_last_clone() {
    let threads = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        let name = |task: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(task.unwrap().path().join("comm")).unwrap_or_default()
        };
        tasks.map(name).filter(|name| name.trim() == "notify-http").count()
    };
    // A thread gets its name only when it runs. Other tests have such threads too, which come and go.
    let until = |is_so: fn(usize) -> bool| {
        let began = std::time::Instant::now();
        while !is_so(threads()) {
            assert!(began.elapsed().as_secs() < 20, "{}", threads());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    };
    let clients: Vec<Client> = (0..50).map(|_| client("http://127.0.0.1:9")).collect();
    until(|threads| threads >= 50);
    let clones = clients.clone();
    drop(clients);
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(threads() >= 50, "{}", threads());
    drop(clones);
    until(|threads| threads < 50);
}
