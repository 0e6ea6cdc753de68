//! `notify get`

use notify_http::GetNotification;

use super::details::show;
use crate::args::{GetArgs, Options};
use crate::exit::CommandError;
use crate::output::{self, csv};
use crate::service::Service;

/// Shows one message.
pub(crate) async fn run(args: &GetArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    if args.wait.wait {
        return super::wait::wait(&service, vec![args.id], options).await;
    }
    let answer = service.send(GetNotification::new(args.id)).await?;
    output::answer(options, answer.raw(), &show(&answer), csv::MESSAGE)
}
