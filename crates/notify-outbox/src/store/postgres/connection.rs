//! One connection, restored when it is lost.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Row, Socket};

use super::Parameter;
use super::connect::{Connect, PATIENCE, connect};
use super::listener::Listener;
use crate::StoreError;

pub(super) struct Connection {
    connect: Arc<Connect>,
    client: Mutex<Option<Arc<Client>>>,
    listener: Listener,
}

impl Connection {
    pub(super) fn new<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Self { connect: connect(config, tls), client: Mutex::default(), listener: Listener::default() }
    }

    /// Completes when a producer has announced new messages.
    pub(super) async fn heard(&self) {
        self.listener.heard(&self.connect).await;
    }

    /// The existing connection, or a new one.
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

    /// Waits for an answer, and gives up a connection that does not answer, or that a failover has made read-only.
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

/// What the database said, for whoever has to act on it. Its own words stay in the source.
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
        // Messages about data and constraints quote them, and that does not belong in a log.
        Some("22" | "23") => {
            return StoreError::broken(format!("the database refuses it, with {}", code.code()));
        }
        _ => StoreError::broken("the database refuses it"),
    }
    .because(error)
}
