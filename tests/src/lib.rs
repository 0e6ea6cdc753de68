//! What users see of the toolkit, judged by recordings and by other implementations.
