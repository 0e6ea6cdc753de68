//! A short program for each thing people do with the toolkit: see the files in `examples/`.
