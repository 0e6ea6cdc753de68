//! [notify-embedded](https://github.com/notify-toolkit/notify/tree/main/crates/notify-embedded) for C and C++:
//! `include/notify_embedded.h` is made from these files. It includes the header of notify-jwt-c, which has the signer and the
//! clock.
//!
//! The caller owns all memory, and nothing is allocated. Every pointer is checked for NULL. Every function returns a
//! [`NotifyStatus`](notify_jwt_c::NotifyStatus). A call keeps pointers to the texts of its message, and to itself: it stays
//! where it was made. So does a query.
#![no_std]

mod answer;
mod call;
mod error;
mod journal;
mod journal_state;
mod message;
mod outcome;
mod pinned;
mod pointer;
mod query;
mod request;
mod resume;

pub use answer::{NOTIFY_FOUND, NOTIFY_MESSAGE_STATUS_SIZE, NOTIFY_NOT_FOUND, NotifyAnswer};
pub use call::{
    NotifyCall, notify_call_closed, notify_call_init, notify_call_not_connected, notify_call_received,
    notify_call_request, notify_call_timed_out,
};
pub use error::{
    NOTIFY_ERROR_KIND, NOTIFY_ERROR_NOT_INITIALISED, NOTIFY_ERROR_NOTHING_TO_LOOK_UP,
    NOTIFY_ERROR_NOTIFICATION_ID, NOTIFY_ERROR_OUTCOME, NOTIFY_ERROR_OVER, NOTIFY_ERROR_REFERENCE,
    NOTIFY_ERROR_SENDER_ID, NOTIFY_ERROR_SERVICE, NOTIFY_ERROR_STILL_IN_DOUBT, NOTIFY_ERROR_TEMPLATE_ID,
    NOTIFY_ERROR_TEXT, NOTIFY_ERROR_TOO_MANY_VALUES,
};
pub use journal::{
    NOTIFY_RECORD_SIZE, NotifyJournal, notify_journal_finished, notify_journal_give_up, notify_journal_read,
    notify_journal_sending,
};
pub use journal_state::{
    NOTIFY_REFERENCE_SIZE, notify_journal_ending, notify_journal_in_doubt, notify_journal_is_torn,
    notify_journal_last_confirmed, notify_journal_reference, notify_journal_slot,
};
pub use message::{
    NOTIFY_EMAIL, NOTIFY_SERVICE_GC_NOTIFY, NOTIFY_SERVICE_GOV_AU, NOTIFY_SERVICE_GOV_UK,
    NOTIFY_SERVICE_OTHER, NOTIFY_SERVICE_VA_NOTIFY, NOTIFY_SMS, NOTIFY_VALUES_MAX, NotifyMessage,
    NotifyService, NotifyValue,
};
pub use outcome::{
    NOTIFY_ACCEPTED, NOTIFY_CLASS_SIZE, NOTIFY_ID_SIZE, NOTIFY_LOOK_UP, NOTIFY_PENDING, NOTIFY_REFUSED,
    NOTIFY_TRY_AGAIN, NOTIFY_UNKNOWN, NotifyOutcome,
};
pub use query::{
    NotifyQuery, notify_query_closed, notify_query_find, notify_query_get, notify_query_lost,
    notify_query_received, notify_query_request,
};
pub use resume::notify_call_resume;

// Only an archive needs it, and archives abort. Where panics unwind there is std, which has a handler.
#[cfg(all(feature = "panic-handler", panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
