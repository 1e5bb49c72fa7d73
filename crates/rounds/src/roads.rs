//! Travel from coordinates: the great circle times a road factor, at a speed that hangs on
//! whether both ends are in the country. Used where no travel matrix is given.

use crate::problem::Travel;
use crate::settings::Settings;

/// Mean radius of the earth, metres (IUGG).
const EARTH: f64 = 6_371_008.8;

/// Metres between two points in degrees on the great circle (haversine).
pub fn great_circle(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lat1, lat2) = (from.0.to_radians(), to.0.to_radians());
    let half = |a: f64, b: f64| ((a - b) / 2.0).sin().powi(2);
    let h =
        half(lat1, lat2) + lat1.cos() * lat2.cos() * half(from.1.to_radians(), to.1.to_radians());
    2.0 * EARTH * h.sqrt().min(1.0).asin()
}

/// A point, and whether it is in the country.
pub type Point = ((f64, f64), bool);

/// Travel between points by `car`, `foot` or `bus` in seconds and metres, each way rounded up
/// to a whole second; `None` for another mode.
pub fn travel(mode: &str, points: &[Point], settings: &Settings) -> Option<Result<Travel, String>> {
    let speed = |rural: bool| match mode {
        "car" => Some((settings.car[usize::from(rural)], settings.car_park)),
        "foot" => Some((settings.foot, 0)),
        "bus" => Some((settings.bus, settings.bus_wait)),
        _ => None,
    };
    speed(false)?;
    let (mut ticks, mut metres) = (Vec::new(), Vec::new());
    for (from, from_rural) in points {
        for (to, to_rural) in points {
            let rural = *from_rural && *to_rural;
            let (pace, fixed) = speed(rural)?;
            let far = great_circle(*from, *to) * settings.road_factor[usize::from(rural)];
            let same = from == to;
            let seconds = far * 3.6 / pace + if same { 0.0 } else { fixed as f64 * 60.0 };
            ticks.push(seconds.ceil() as i32);
            metres.push(far.ceil() as u32);
        }
    }
    Some(Travel::new(mode, points.len(), ticks, metres))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known distances: a degree of a meridian, a degree of longitude at 60 degrees north.
    #[test]
    fn known_distances() {
        for (from, to, kilometres) in [
            ((0.0, 0.0), (1.0, 0.0), 111.195),
            ((60.0, 0.0), (60.0, 1.0), 55.596),
            ((52.0, 1.0), (52.0, 1.0), 0.0),
        ] {
            let found = great_circle(from, to) / 1_000.0;
            assert!((found - kilometres).abs() < 0.01, "{found}");
        }
    }
}
