//! How a connection is opened.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, Error, Socket};

/// How long the database may take to answer. A connection that hangs counts as lost.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Opens a connection, driven by a task until it or the client ends. Notifications on its channels go to the given
/// `Notify`.
pub(super) type Connect = dyn Fn(Option<Arc<Notify>>) -> Connecting + Send + Sync;
type Connecting = Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send>>;

/// Opens connections with these settings.
pub(super) fn connect<T>(config: Config, tls: T) -> Arc<Connect>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    Arc::new(move |heard: Option<Arc<Notify>>| -> Connecting {
        let (config, tls) = (config.clone(), tls.clone());
        Box::pin(async move {
            let (client, mut connection) = config.connect(tls).await?;
            // Each error also reaches whoever made the request.
            let driven = tokio::spawn(async move {
                while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                    if let (AsyncMessage::Notification(_), Some(heard)) = (message, &heard) {
                        heard.notify_one();
                    }
                }
            });
            Ok((client, driven))
        })
    })
}
