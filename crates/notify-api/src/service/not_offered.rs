//! A request for something that the service does not offer.

use std::fmt;

use super::Service;
use crate::Operation;

/// The service does not offer what was asked, so nothing was sent.
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

    /// The part of the request that the service does not know, if it offers the operation itself.
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
