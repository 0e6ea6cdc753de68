//! What is asked of a service that does not offer it.

use std::fmt;

use super::Service;
use crate::Operation;

/// A service was asked for what it does not offer, so nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotOffered {
    service: Service,
    operation: Operation,
    part: Option<&'static str>,
}

impl NotOffered {
    pub(crate) fn new(service: Service, operation: Operation, part: Option<&'static str>) -> Self {
        Self { service, operation, part }
    }

    /// The service that was asked.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The operation, such as `get_letter_pdf`.
    pub fn operation(&self) -> &'static str {
        self.operation.name()
    }

    pub(crate) fn full_operation(&self) -> &Operation {
        &self.operation
    }

    /// What of the request it is that the service does not know, where it offers the operation.
    pub fn part(&self) -> Option<&'static str> {
        self.part
    }

    /// The services that offer the operation.
    pub fn offered_by(&self) -> impl Iterator<Item = Service> {
        let offers = |service: &Service| service.offers(&self.operation);
        Service::ALL.into_iter().filter(offers).filter(|_| self.part.is_none())
    }
}

impl fmt::Display for NotOffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not offer {}", self.service, self.operation())?;
        if let Some(part) = self.part {
            write!(f, " with {part}")?;
        }
        for (index, service) in self.offered_by().enumerate() {
            write!(f, "{}{service}", if index == 0 { "; it is offered by " } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for NotOffered {}
