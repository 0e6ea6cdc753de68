//! `notify list`

mod written;

use notify_http::{ListNotifications, Paged};

use crate::args::{ListArgs, Options};
use crate::exit::Failure;
use crate::service::Service;
use written::Written;

/// Lists messages, page after page.
pub(crate) async fn run(args: ListArgs, options: &Options) -> Result<(), Failure> {
    let service = Service::new(options)?;
    let follows_pages = args.all || args.limit.is_some();
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut written = Written::new(options.format());
    let mut next = Some(question(args));
    while let Some(question) = next {
        let answer = service.send(question.clone()).await?;
        let page = &answer.value;
        let count = page.notifications.len().min(left);
        let rest = match page.notifications[..count].last() {
            // The service's own link leads past messages that are not shown.
            Some(last) if count < page.notifications.len() => {
                service.url(&question.clone().older_than(last.id))
            }
            _ => page.links.next.clone(),
        };
        written.page(&answer, count, rest)?;
        left -= count;
        next = if follows_pages && left > 0 { question.next_page(&answer)? } else { None };
    }
    written.finish()
}

fn question(args: ListArgs) -> ListNotifications {
    let mut question = ListNotifications::new();
    for template_type in args.template_type {
        question = question.template_type(template_type);
    }
    for status in args.status {
        question = question.status(status);
    }
    if let Some(reference) = args.reference {
        question = question.reference(reference);
    }
    if let Some(id) = args.older_than {
        question = question.older_than(id);
    }
    if args.include_jobs { question.include_jobs() } else { question }
}
