//! Values that a place or a year decides, from `policy/parameters/rounds.csv`.

use jiff::civil::Date;
use kernel::{ParameterError, Parameters};

/// Settings that hold on the first day of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Least pay for an hour of working time, pence.
    pub minimum_wage: i64,
    /// A working day longer than this needs a break, minutes.
    pub break_after: i64,
    /// How long that is, minutes.
    pub break_length: i64,
    /// Rest between two days, minutes.
    pub daily_rest: i64,
    /// Longest rest in each week, minutes.
    pub weekly_rest: i64,
    /// Most working time in a week, minutes.
    pub most_a_week: i64,
    /// How far apart two carers of one visit may begin, minutes.
    pub together_within: i64,
    /// Carers a person may have at no cost.
    pub faces: i64,
    /// A gap this long is the carer's own time, minutes.
    pub own_time_from: i64,
    /// Roads against the straight line: in towns, in the country.
    pub road_factor: [f64; 2],
    /// Kilometres an hour by car: in towns, in the country.
    pub car: [f64; 2],
    /// Kilometres an hour on foot.
    pub foot: f64,
    /// Kilometres an hour by bus.
    pub bus: f64,
    /// Waiting for each bus, minutes.
    pub bus_wait: i64,
    /// Parking and the door for each way by car, minutes.
    pub car_park: i64,
    /// For each mile by car, pence.
    pub mileage: i64,
}

const JURISDICTION: &str = "England";

impl Settings {
    /// The settings of a day.
    ///
    /// # Errors
    /// If one of them has no value on that day.
    pub fn on(parameters: &Parameters, day: Date) -> Result<Self, ParameterError> {
        let get = |name: &str| parameters.get(&format!("rounds.{name}"), JURISDICTION, day);
        let whole = |name: &str| get(name)?.integer();
        let ratio = |name: &str| {
            let value = get(name)?.decimal()?;
            Ok::<f64, ParameterError>(value.units as f64 / 10_f64.powi(i32::from(value.scale)))
        };
        Ok(Self {
            minimum_wage: get("minimum_wage")?.pence()?.0,
            break_after: whole("break_after")?,
            break_length: whole("break")?,
            daily_rest: whole("daily_rest")? * 60,
            weekly_rest: whole("weekly_rest")? * 60,
            most_a_week: whole("most_a_week")? * 60,
            together_within: whole("together_within")?,
            faces: whole("carers_for_a_person")?,
            own_time_from: whole("own_time_from")?,
            road_factor: [ratio("road_factor")?, ratio("road_factor_rural")?],
            car: [ratio("speed_car")?, ratio("speed_car_rural")?],
            foot: ratio("speed_foot")?,
            bus: ratio("speed_bus")?,
            bus_wait: whole("bus_wait")?,
            car_park: whole("car_park")?,
            mileage: get("mileage")?.pence()?.0,
        })
    }
}
