//! Keeps a message if, and only if, your own transaction is committed, and sends it once.
//!
//! It needs a PostgreSQL of yours: `DATABASE_URL=postgres://localhost/test cargo run -p notify-examples --example
//! outbox_in_your_transaction`.

use std::error::Error;

use notify_examples::Service;
use notify_outbox::{Intent, Message, NotifyClient, PostgresStore, Store as _, Worker};
use tokio_postgres::{NoTls, Transaction};

/// Your own code: a booking, and its confirmation.
async fn book(
    transaction: &mut Transaction<'_>,
    number: i64,
    phone_number: &str,
) -> Result<(), Box<dyn Error>> {
    transaction.execute("INSERT INTO bookings VALUES ($1) ON CONFLICT DO NOTHING", &[&number]).await?;
    let message: Message = serde_json::from_value(serde_json::json!({
        "type": "sms",
        "template_id": "c0ffee00-0000-4000-8000-000000000011",
        "phone_number": phone_number,
        "personalisation": { "name": "Kim", "permit number": number.to_string() },
    }))?;
    // Made from a key of your own: booked again, after a crash or by a second click, it is the same message.
    let intent = Intent::new(format!("booking-{number}-confirmation"))?.payload(message.to_json());
    PostgresStore::put_in(transaction, vec![intent]).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let store = PostgresStore::at(&url)?;
    store.init().await?;
    let (mut database, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    database.batch_execute("CREATE TABLE IF NOT EXISTS bookings (number bigint PRIMARY KEY)").await?;

    // It is not booked after all, and nothing is sent.
    let mut transaction = database.transaction().await?;
    book(&mut transaction, 16, "+447900900123").await?;
    transaction.rollback().await?;
    // It is, and by a second click it is so again.
    for _ in 0..2 {
        let mut transaction = database.transaction().await?;
        book(&mut transaction, 17, "+447900900123").await?;
        transaction.commit().await?;
    }

    // A worker, which usually is a program of its own, on any number of hosts.
    let service = Service::at_hand()?;
    let client = notify_http::Client::builder(service.api_key()).base_url(service.url()).build()?;
    let client = NotifyClient::new(client);
    Worker::new(store.clone(), client).run_until_empty().await?;
    let counts = store.counts(0).await?;
    println!("sent: {}, failed: {}", counts.sent, counts.failed);
    Ok(())
}
