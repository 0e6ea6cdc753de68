//! One connection, made again when it is lost.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, Error, Row, Socket};

use super::Parameter;
use super::listener::Listener;
use crate::StoreError;

/// How long the database may take to answer. One that hangs is as good as none.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Connection {
    connect: Arc<Connect>,
    client: Mutex<Option<Arc<Client>>>,
    listener: Listener,
}

/// Makes a connection, which is driven by a task until it or the client ends. What is said on the channels to which it
/// listens, it hands to whoever is named.
pub(super) type Connect = dyn Fn(Option<Arc<Notify>>) -> Connecting + Send + Sync;
type Connecting = Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send>>;

impl Connection {
    pub(super) fn new<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let connect = move |heard: Option<Arc<Notify>>| -> Connecting {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, mut connection) = config.connect(tls).await?;
                // Each error is told to whoever asked, too.
                let driven = tokio::spawn(async move {
                    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                        if let (AsyncMessage::Notification(_), Some(heard)) = (message, &heard) {
                            heard.notify_one();
                        }
                    }
                });
                Ok((client, driven))
            })
        };
        Self { connect: Arc::new(connect), client: Mutex::default(), listener: Listener::default() }
    }

    /// Ends when a producer has said that there is something new.
    pub(super) async fn heard(&self) {
        self.listener.heard(&self.connect).await;
    }

    /// The connection as it is, or a new one.
    pub(super) async fn client(&self) -> Result<Arc<Client>, StoreError> {
        let mut client = self.client.lock().await;
        match &*client {
            Some(connected) if !connected.is_closed() => Ok(Arc::clone(connected)),
            _ => {
                let connecting = tokio::time::timeout(PATIENCE, (self.connect)(None)).await;
                let (connected, _) = connecting.map_err(|_| too_late())?.map_err(explain)?;
                let connected = Arc::new(connected);
                *client = Some(Arc::clone(&connected));
                Ok(connected)
            }
        }
    }

    pub(super) async fn query(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let client = self.client().await?;
        self.within_time(super::query(&*client, statement, parameters)).await
    }

    pub(super) async fn batch(&self, script: &str) -> Result<(), StoreError> {
        let client = self.client().await?;
        self.within_time(client.batch_execute(script)).await
    }

    /// Waits for an answer, and gives up the connection on which none comes, or which a failover has made read-only.
    pub(super) async fn within_time<T>(
        &self,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, StoreError> {
        let result = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => {
                if error.code().is_some_and(|code| *code != SqlState::READ_ONLY_SQL_TRANSACTION) {
                    return Err(explain(error));
                }
                explain(error)
            }
            Err(_) => too_late(),
        };
        *self.client.lock().await = None;
        Err(result)
    }
}

fn too_late() -> StoreError {
    StoreError::unavailable("the database does not answer")
}

/// What the database says, for whoever has to do something about it. Its own words stay in the
/// source.
pub(super) fn explain(error: Error) -> StoreError {
    let Some(code) = error.code() else {
        return StoreError::unavailable("the database cannot be reached").because(error);
    };
    match code.code().get(..2) {
        _ if *code == SqlState::DISK_FULL => StoreError::full("the database's disk is full"),
        // Connections, conflicts, a server that is starting or ending, or has become a replica.
        Some("08" | "40" | "53" | "55" | "57" | "25") => {
            StoreError::unavailable("the database cannot do it now")
        }
        Some("28") => StoreError::broken("the database refuses the user"),
        _ if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            StoreError::broken("the user lacks a right in the database")
        }
        Some("42" | "3F") => StoreError::broken("the tables are not there, or not these: init makes them"),
        // What it says of data and constraints quotes them, which is nobody's business in a log.
        Some("22" | "23") => {
            return StoreError::broken(format!("the database refuses it, with {}", code.code()));
        }
        _ => StoreError::broken("the database refuses it"),
    }
    .because(error)
}
