//! The operations of the Notify services, their answers and errors, and the machine that makes a call, without I/O.
