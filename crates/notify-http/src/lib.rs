//! The client of the Notify services for servers, on reqwest.
