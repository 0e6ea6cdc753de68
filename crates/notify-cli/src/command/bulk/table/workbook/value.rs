//! A cell's value as the service writes it: as Python writes numbers, dates and truths.

use calamine::{Data, ExcelDateTime};

/// The value of a cell of an xlsx.
pub(super) fn as_xlsx(cell: &Data) -> String {
    text(cell, true)
}

/// The value of a cell of an ods, where a date without a time is written without one.
pub(super) fn as_ods(cell: &Data) -> String {
    text(cell, false)
}

/// The value of a cell of an xls, which stores booleans as numbers, and is read that way.
pub(super) fn as_xls(cell: &Data) -> String {
    match cell {
        Data::Bool(value) => u8::from(*value).to_string(),
        cell => as_ods(cell),
    }
}

fn text(cell: &Data, dates_have_times: bool) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number),
        Data::Bool(true) => "True".to_owned(),
        Data::Bool(false) => "False".to_owned(),
        Data::DateTime(moment) => date_time(*moment, dates_have_times),
        Data::DateTimeIso(text) => iso(text, dates_have_times),
        Data::DurationIso(text) => duration(text).unwrap_or_else(|| text.clone()),
        Data::Error(error) => error.to_string(),
    }
}

/// A number: a whole one without a point, others in the shortest form, as in Python.
fn float(number: f64) -> String {
    let size = number.abs();
    // Python's whole numbers know no negative zero.
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 && size < 1e16 {
        return format!("{number:.0}");
    }
    if (1e-4..1e16).contains(&size) {
        return number.to_string();
    }
    // Python writes `1e-5` as `1e-05`.
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

fn date_time(moment: ExcelDateTime, dates_have_times: bool) -> String {
    if moment.is_duration() {
        return seconds(moment.as_f64() * 86_400.0);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}000") };
    let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    if moment.as_f64() < 1.0 {
        return time;
    }
    if !dates_have_times && moment.as_f64().fract() == 0.0 {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {time}")
}

/// A date as ODS has it, `2026-11-29T10:00:00`.
fn iso(text: &str, dates_have_times: bool) -> String {
    match text.split_once('T') {
        Some((date, time)) => format!("{date} {time}"),
        None if dates_have_times => format!("{text} 00:00:00"),
        None => text.to_owned(),
    }
}

/// A time as ODS has it, `PT10H30M00S`.
fn duration(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix("PT")?;
    let mut part = |unit: char| {
        let Some((number, after)) = rest.split_once(unit) else { return Some(0.0) };
        rest = after;
        number.parse::<f64>().ok()
    };
    let (hours, minutes, secs) = (part('H')?, part('M')?, part('S')?);
    Some(if hours < 24.0 {
        format!("{hours:02.0}:{minutes:02.0}:{secs:02.0}")
    } else {
        seconds(hours * 3_600.0 + minutes * 60.0 + secs)
    })
}

/// A length of time.
#[expect(clippy::cast_possible_truncation, reason = "a spreadsheet's times end long before")]
fn seconds(seconds: f64) -> String {
    let seconds = seconds.round() as i64;
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let time = format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match days {
        0 => time,
        1 | -1 => format!("{days} day, {time}"),
        _ => format!("{days} days, {time}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_are_written_as_the_service_writes_them() {
        for (number, expected) in [
            (7_900_900_123.0, "7900900123"),
            (447_701_000_000.0, "447701000000"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (0.000_01, "1e-05"),
            (1.5e22, "1.5e+22"),
            (1e16, "1e+16"),
            (-0.0, "0"),
        ] {
            assert_eq!(float(number), expected);
        }
    }

    #[test]
    fn dates_and_times_are_written_as_the_service_writes_them() {
        let date = |value, kind| Data::DateTime(ExcelDateTime::new(value, kind, false));
        let moment = |value| date(value, ExcelDateTimeType::DateTime);
        assert_eq!(as_xlsx(&moment(46_355.0)), "2026-11-29 00:00:00");
        assert_eq!(as_xls(&moment(46_355.0)), "2026-11-29");
        assert_eq!(as_xlsx(&moment(46_024.127_835_648_15)), "2026-01-02 03:04:05");
        assert_eq!(as_xlsx(&moment(0.5)), "12:00:00");
        assert_eq!(as_xlsx(&date(1.5, ExcelDateTimeType::TimeDelta)), "1 day, 12:00:00");
        assert_eq!(as_ods(&Data::DateTimeIso("2026-11-29T10:00:00".to_owned())), "2026-11-29 10:00:00");
        assert_eq!(as_ods(&Data::DurationIso("PT10H30M00S".to_owned())), "10:30:00");
        for (truth, expected) in [(as_xlsx as fn(&Data) -> String, "True"), (as_ods, "True"), (as_xls, "1")] {
            assert_eq!(truth(&Data::Bool(true)), expected);
        }
    }
}
